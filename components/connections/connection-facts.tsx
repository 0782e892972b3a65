import { RelativeTime } from "@/components/ui/relative-time";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf, formatCount } from "@/lib/rules/format";
import { presetOf } from "@/lib/rules/presets";
import { scheduleWords } from "./schedule-words";

/** Service, region, schedule and next run in one line under the title. */
export function ConnectionFacts({ connection }: { connection: ConnectionView }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      <li>
        {presetOf(connection.endpoint).label}, {connection.region}
      </li>
      {connection.prefix === "" && <li>whole bucket</li>}
      <li className="tabular-nums">
        {countOf(connection.documentCount, "document")}
        {connection.cutCount > 0 && `, ${formatCount(connection.cutCount)} of them cut`}
      </li>
      <li>{scheduleWords(connection.schedule)}</li>
      {connection.nextRunAt !== null && connection.pausedAt === null && (
        <li>
          next run <RelativeTime at={connection.nextRunAt} />
        </li>
      )}
    </ul>
  );
}
