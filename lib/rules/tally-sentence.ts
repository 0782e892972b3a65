import { SKIP_REASONS, type SkipReason, skippedCount, type Tally } from "./tally";

/** What a counted part of the sentence is; the page knows which list of keys each one opens. */
export const TALLY_PARTS = [
  "unchanged",
  "added",
  "updated",
  "retagged",
  "skipped",
  "over_limit",
  "failed",
  "pending",
  "removed",
  "on_hold",
] as const;
export type TallyPartName = (typeof TALLY_PARTS)[number];

export type TallyPart = { name: TallyPartName; count: number; words: string };

/** `5,310 listed: 4,700 unchanged, 88 new, … . Also 2 removed.` as data. */
export type TallySentence = {
  listed: number;
  /** These add up to `listed`. `pending` is among them only where something is yet to be read. */
  parts: TallyPart[];
  /** Beside the sum; only those that happened. */
  beside: TallyPart[];
};

const WORDS: Record<TallyPartName, string> = {
  unchanged: "unchanged",
  added: "new",
  updated: "changed",
  retagged: "re-tagged",
  skipped: "skipped",
  over_limit: "over the limit",
  failed: "failed",
  pending: "to read",
  removed: "removed",
  on_hold: "on hold",
};

export function tallySentence(tally: Tally): TallySentence {
  const parts = [
    part("unchanged", tally.unchanged),
    part("added", tally.added),
    part("updated", tally.updated),
    part("retagged", tally.retagged),
    part("skipped", skippedCount(tally)),
    part("over_limit", tally.overLimit),
    part("failed", tally.failed),
  ];
  if (tally.pending > 0) parts.push(part("pending", tally.pending));
  const beside = [part("removed", tally.removed), part("on_hold", tally.onHold)].filter(
    ({ count }) => count > 0,
  );
  return { listed: tally.listed, parts, beside };
}

const SKIP_WORDS: Record<SkipReason, string> = {
  directory_marker: "folder markers",
  empty: "empty",
  too_large: "larger than 50 MB",
  unsupported_type: "of a type Sluice cannot read",
  filtered: "outside the filters",
  archived: "archived (Glacier or Deep Archive)",
  deleted_by_person: "deleted by a person",
  no_tag: "without a tag",
  vanished: "gone before being read",
  drifted: "changed since the plan was made",
};

/** Why objects were skipped, most frequent first. */
export function skipReasons(tally: Tally): { reason: SkipReason; count: number; words: string }[] {
  return SKIP_REASONS.map((reason) => ({
    reason,
    count: tally.skipped[reason] ?? 0,
    words: SKIP_WORDS[reason],
  }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** A reason as people read it; one that this version does not know is shown as it came. */
export function skipWords(reason: string): string {
  const known = SKIP_REASONS.find((one) => one === reason);
  return known ? SKIP_WORDS[known] : reason.replaceAll("_", " ");
}

/** A run in a few words for a row of a table: only what happened. */
export function tallySummary(tally: Tally): string {
  const { parts, beside } = tallySentence(tally);
  const happened = [...parts, ...beside].filter(
    ({ name, count }) => count > 0 && name !== "unchanged" && name !== "skipped",
  );
  if (happened.length > 0)
    return happened.map(({ count, words }) => `${count.toLocaleString("en-US")} ${words}`).join(", ");
  return tally.listed === 0 ? "nothing listed" : "nothing changed";
}

function part(name: TallyPartName, count: number): TallyPart {
  return { name, count, words: WORDS[name] };
}
