import { formatCount } from "@/lib/rules/format";
import type { Tally } from "@/lib/rules/tally";
import { skipReasons } from "@/lib/rules/tally-sentence";

/** Why objects were skipped. Skipping is a result to explain, never silence. */
export function SkipReasons({ tally }: { tally: Tally }) {
  const reasons = skipReasons(tally);
  if (reasons.length === 0) return null;
  return (
    <p className="text-sm text-ink-muted tabular-nums">
      Skipped: {reasons.map(({ count, words }) => `${formatCount(count)} ${words}`).join(", ")}.
    </p>
  );
}
