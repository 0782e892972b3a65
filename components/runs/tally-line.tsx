import Link from "next/link";
import { Fragment } from "react";
import { formatCount } from "@/lib/rules/format";
import type { Tally } from "@/lib/rules/tally";
import { type TallyPart, type TallyPartName, tallySentence } from "@/lib/rules/tally-sentence";

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
      <Part part={part} href={part.count > 0 ? hrefOf(part.name) : null} />
    </Fragment>
  ));
}

function Part({ part, href }: { part: TallyPart; href: string | null }) {
  const text = `${formatCount(part.count)} ${part.words}`;
  if (href === null) return <span className="whitespace-nowrap tabular-nums">{text}</span>;
  return (
    <Link
      href={href}
      className="whitespace-nowrap rounded-sm font-medium text-ink tabular-nums underline decoration-line-strong underline-offset-4 hover:decoration-ink"
    >
      {text}
    </Link>
  );
}
