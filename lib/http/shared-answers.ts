import type { Clock } from "@/lib/core/clock";
import { SHARED_ANSWER_MS } from "@/lib/core/limits";

/**
 * Answers that many callers may have alike: everybody who asks within SHARED_ANSWER_MS gets the first one's. Only for
 * callers who have been let in already and may see the same, as all do who are signed in to the console.
 */
export type SharedAnswers = {
  /** `name` stands for all that the answer depends on. */
  json(name: string, read: () => Promise<unknown>): Promise<Response>;
  /** Something has changed by somebody's hand, who wants to see it. */
  forgetAll(): void;
};

/** What could not be read is told to those who wait for it, and read again for the next. */
export function openSharedAnswers(now: Clock): SharedAnswers {
  const kept = new Map<string, { since: number; text: Promise<string> }>();

  const textOf = (name: string, read: () => Promise<unknown>): Promise<string> => {
    const present = kept.get(name);
    if (present !== undefined && now() - present.since < SHARED_ANSWER_MS) return present.text;
    for (const [former, { since }] of kept) if (now() - since >= SHARED_ANSWER_MS) kept.delete(former);
    const asked = { since: now(), text: read().then((value) => JSON.stringify(value)) };
    kept.set(name, asked);
    asked.text.catch(() => {
      if (kept.get(name) === asked) kept.delete(name);
    });
    return asked.text;
  };

  return {
    json: async (name, read) =>
      new Response(await textOf(name, read), { headers: { "content-type": "application/json" } }),
    forgetAll: () => kept.clear(),
  };
}
