import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ConnectionView } from "@/lib/connections/schema";

/** Why a connection does not run when its schedule says: it is paused, or runs failed and the schedule waits. */
export function PaceNotices({ connection }: { connection: ConnectionView }) {
  const { pausedAt, backOff } = connection;
  if (pausedAt !== null) {
    return (
      <Notice
        tone="plain"
        title={
          <>
            Paused, <RelativeTime at={pausedAt} />
          </>
        }
      >
        Nothing of it runs until it is resumed, and its documents stay in search. Runs that are missed
        meanwhile become one.
      </Notice>
    );
  }
  if (backOff === null) return null;
  return (
    <Notice
      tone="attention"
      title={
        <>
          The schedule waits longer: next run <RelativeTime at={backOff.untilAt} />
        </>
      }
    >
      {backOff.sentence}
    </Notice>
  );
}
