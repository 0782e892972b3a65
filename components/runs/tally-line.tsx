import { Fragment } from "react";
import { formatCount } from "@/lib/rules/format";
import type { Tally } from "@/lib/rules/tally";
import { type TallyPart, type TallyPartName, tallySentence } from "@/lib/rules/tally-sentence";
import { CountLink } from "./count-link";

type TallyLineProps = {
  tally: Tally;
  /** Where a number's keys are to be seen; null where there is no list of them. */
  hrefOf: (name: TallyPartName) => string | null;
};

/** The tally as a sentence that adds up. A number that has keys behind it is a link to them. */
export function TallyLine({ tally, hrefOf }: TallyLineProps) {
  const { listed, parts, beside } = tallySentence(tally);
  return (
    <p className="text-lg leading-7 text-ink-muted">
      <span className="font-medium text-ink tabular-nums">{formatCount(listed)}</span> listed:{" "}
      <Parts parts={parts} hrefOf={hrefOf} />.
      {beside.length > 0 && (
        <>
          {" "}
          Also <Parts parts={beside} hrefOf={hrefOf} />.
        </>
      )}
    </p>
  );
}

function Parts({ parts, hrefOf }: { parts: TallyPart[]; hrefOf: TallyLineProps["hrefOf"] }) {
  return parts.map((part, at) => (
    <Fragment key={part.name}>
      {at > 0 && ", "}
      <CountLink count={part.count} words={part.words} href={hrefOf(part.name)} />
    </Fragment>
  ));
}
