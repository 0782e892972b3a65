import { REMOVALS_HELD_ABOVE, REMOVALS_HELD_ABOVE_SHARE } from "@/lib/core/limits";

export type GuardFacts = {
  /** Objects that the complete listing contained. */
  listed: number;
  /** Documents of the connection before anything is removed. */
  stored: number;
  /** Those among them whose objects the listing did not contain. */
  absent: number;
};

export type Verdict = { outcome: "remove" } | { outcome: "hold"; reason: string };

/**
 * Whether documents may be removed now, or wait for a person.
 *
 *   listing    absent                             verdict
 *   empty      any                                hold
 *   not empty  more than 25 and more than 25 %    hold
 *   not empty  fewer                              remove
 */
export function judgeRemovals(facts: GuardFacts): Verdict {
  if (facts.absent === 0) return { outcome: "remove" };
  if (facts.listed === 0) {
    return {
      outcome: "hold",
      reason: `The bucket lists no object, and ${facts.stored} documents are stored.`,
    };
  }
  const isLarge =
    facts.absent > REMOVALS_HELD_ABOVE && facts.absent > facts.stored * REMOVALS_HELD_ABOVE_SHARE;
  if (!isLarge) return { outcome: "remove" };
  const reason = `${facts.absent} of ${facts.stored} stored documents have no object in the bucket or in the connection's scope any more.`;
  return { outcome: "hold", reason };
}
