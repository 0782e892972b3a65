import { Fragment } from "react";
import type { SkipReason, Tally } from "@/lib/rules/tally";
import { skipReasons } from "@/lib/rules/tally-sentence";
import { CountLink } from "./count-link";

type SkipReasonsProps = {
  tally: Tally;
  /** Where the objects skipped for a reason are to be seen. */
  hrefOf: (reason: SkipReason) => string;
};

/** Why objects were skipped. Skipping is a result to explain, never silence. */
export function SkipReasons({ tally, hrefOf }: SkipReasonsProps) {
  const reasons = skipReasons(tally);
  if (reasons.length === 0) return null;
  return (
    <p className="text-sm text-ink-muted">
      Skipped:{" "}
      {reasons.map(({ reason, count, words }, at) => (
        <Fragment key={reason}>
          {at > 0 && ", "}
          <CountLink count={count} words={words} href={hrefOf(reason)} />
        </Fragment>
      ))}
      .
    </p>
  );
}
