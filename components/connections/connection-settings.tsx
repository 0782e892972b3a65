import { type Fact, Facts } from "@/components/ui/facts";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import { Tag } from "@/components/ui/tag";
import type { ConnectionView } from "@/lib/connections/schema";
import { formatCount } from "@/lib/rules/format";
import { presetOf } from "@/lib/rules/presets";
import { scheduleWords } from "./schedule-words";

/** The settings as they are. Of the credentials nothing is ever shown. */
export function ConnectionSettings({ connection }: { connection: ConnectionView }) {
  return <Facts facts={[...placeOf(connection), ...rulesOf(connection)]} />;
}

function placeOf(connection: ConnectionView): Fact[] {
  const { endpoint, prefix } = connection;
  return [
    { term: "Service", value: presetOf(endpoint).label },
    { term: "Bucket", value: <span className="font-mono">{connection.bucket}</span> },
    { term: "Prefix", value: prefix === "" ? "none: the whole bucket" : <Mono text={prefix} /> },
    { term: "Region", value: <span className="font-mono">{connection.region}</span> },
    { term: "Endpoint", value: endpoint === null ? "AWS's own" : <Mono text={endpoint} /> },
    {
      term: "Addressing",
      value: connection.addressingStyle === "path" ? "Path style" : "Virtual-hosted style",
    },
    { term: "Credentials", value: "Stored encrypted; never shown again" },
  ];
}

function rulesOf(connection: ConnectionView): Fact[] {
  const { containerTagRegex, containerTags, tagFallback } = connection;
  return [
    { term: "Container tags", value: containerTags.length === 0 ? "none" : <TagList tags={containerTags} /> },
    { term: "Tag regex", value: containerTagRegex === null ? "none" : <Mono text={containerTagRegex} /> },
    ...(containerTagRegex === null
      ? []
      : [
          {
            term: "Keys without a match",
            value: tagFallback === "skip" ? "are skipped" : "get the connection's own tags",
          },
        ]),
    { term: "Document limit", value: formatCount(connection.documentLimit) },
    {
      term: "Objects that are gone",
      value:
        connection.deletionPolicy === "keep" ? "Their documents are kept" : "Their documents are removed",
    },
    { term: "Schedule", value: scheduleWords(connection.schedule) },
    { term: "Connection ID", value: <span className="font-mono">{connection.id}</span> },
    { term: "Created", value: <RelativeTime at={connection.createdAt} /> },
  ];
}

function TagList({ tags }: { tags: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {tags.map((tag) => (
        <Tag key={tag} text={tag} />
      ))}
    </span>
  );
}

function Mono({ text }: { text: string }) {
  return (
    <span className="font-mono">
      <ShownText text={text} />
    </span>
  );
}
