"use client";

import { CircleX, CornerDownRight, MinusCircle } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { ShownText } from "@/components/ui/shown-text";
import { Tag } from "@/components/ui/tag";
import { compileContainerTagRegex } from "@/lib/rules/container-tag";
import { countOf } from "@/lib/rules/format";
import { tagsOf } from "./form-values";
import { type KeyOutcome, keysOf, tagOfKey } from "./tag-of-key";

type TagPreviewProps = {
  regex: string;
  keysText: string;
  /** As typed, with commas between. */
  connectionTags: string;
  fallback: "connection_tags" | "skip";
};

/** Each pasted key with the tag it will have, as one types. The captured part is marked. */
export function TagPreview({ regex, keysText, connectionTags, fallback }: TagPreviewProps) {
  const compiled = useMemo(() => (regex === "" ? null : compileContainerTagRegex(regex)), [regex]);
  const tags = useMemo(() => tagsOf(connectionTags), [connectionTags]);
  const outcomes = keysOf(keysText).map((key) => tagOfKey({ key, compiled, connectionTags: tags, fallback }));
  const problem = compiled !== null && "problem" in compiled ? compiled.problem : null;
  if (outcomes.length === 0)
    return <p className="text-sm text-ink-muted">Paste a key to see the tag it will have.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p role="status" className={problem === null ? "text-sm text-ink-muted" : "text-sm text-failed-ink"}>
        {problem ?? summaryOf(outcomes, regex !== "")}
      </p>
      {problem === null && (
        <ul className="flex flex-col rounded-lg border border-line">
          {outcomes.map((outcome, at) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: the same key may be pasted twice.
              key={at}
              className="flex min-w-0 flex-col gap-0.5 border-b border-line px-3 py-2 last:border-b-0"
            >
              <span className="font-mono text-xs leading-5 wrap-anywhere">
                <MarkedKey outcome={outcome} />
              </span>
              <Outcome outcome={outcome} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function MarkedKey({ outcome }: { outcome: KeyOutcome }) {
  const { key, marked } = outcome;
  if (marked === null || marked.start === marked.end) return <ShownText text={key} />;
  return (
    <bdi>
      <ShownText text={key.slice(0, marked.start)} />
      <mark>
        <ShownText text={key.slice(marked.start, marked.end)} />
      </mark>
      <ShownText text={key.slice(marked.end)} />
    </bdi>
  );
}

function Outcome({ outcome }: { outcome: KeyOutcome }) {
  if (outcome.kind === "invalid") {
    return (
      <Line icon={<CircleX aria-hidden className="text-failed-ink" />}>
        <span className="text-failed-ink">
          {outcome.marked?.start === outcome.marked?.end
            ? "Matches, but captures nothing: this object will fail"
            : "The marked part is no legal tag: this object will fail. Tags have letters, digits, _ - and : only"}
        </span>
      </Line>
    );
  }
  if (outcome.kind === "skipped") {
    return <Line icon={<MinusCircle aria-hidden />}>No match: skipped</Line>;
  }
  const isFallback = outcome.kind !== "tag";
  return (
    <Line icon={<CornerDownRight aria-hidden />}>
      {outcome.tags.map((tag) => (
        <Tag key={tag} text={tag} />
      ))}
      {outcome.kind === "untagged" && "No tag"}
      {isFallback && outcome.tags.length > 0 && <span>from the connection</span>}
    </Line>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className="flex min-w-0 items-start gap-1.5 text-xs leading-5 text-ink-muted [&>svg]:mt-[3px] [&>svg]:size-3.5 [&>svg]:shrink-0">
      {icon}
      <span className="flex min-w-0 flex-wrap items-center gap-1">{children}</span>
    </span>
  );
}

function summaryOf(outcomes: readonly KeyOutcome[], hasRegex: boolean): string {
  const keys = countOf(outcomes.length, "key");
  if (!hasRegex) return `${keys}, without a regex: all get the connection's tags.`;
  const count = (kind: KeyOutcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const invalid = count("invalid");
  const matched = count("tag");
  const unmatched = outcomes.length - matched - invalid;
  const words = [`${matched} with a tag of their own`, `${unmatched} without a match`];
  return `${keys}: ${[...words, ...(invalid > 0 ? [`${invalid} invalid`] : [])].join(", ")}.`;
}
