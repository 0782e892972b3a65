import { describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { openS3Source } from "./s3-source";
import type { ObjectSource } from "./source";
import { playAnswers, type Recording } from "./testing/answer-player";
import { BOTH_PATHS, listFirst, readListed } from "./testing/local-store";
import { LISTINGS } from "./testing/recorded-listings";
import { NO_LISTINGS } from "./testing/recorded-no-listings";
import { LISTED, READS } from "./testing/recorded-reads";
import { REFUSALS } from "./testing/recorded-refusals";

/** What a call came to, with every word that a person would read. */
async function resultOf<T>(
  work: () => Promise<T>,
): Promise<{ verdict: string; value: T | null; words: string }> {
  try {
    return { verdict: "resolved", value: await work(), words: "" };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return {
      verdict: `${thrown.code} ${thrown.effect}`,
      value: null,
      words: `${thrown.message} ${thrown.details}`.replaceAll(/127\.0\.0\.1:\d+/g, "the store"),
    };
  }
}

/** Plays the same answers to both paths, and gives what both made of them; that it is the same is tested here. */
async function onBothPaths<T>(recordings: Recording[], call: (source: ObjectSource) => Promise<T>) {
  const [lean, sdk] = await Promise.all(
    BOTH_PATHS.map(async ([, isLean]) => {
      const player = await playAnswers(recordings);
      const source = openS3Source(player.settings, { allowEndpoints: null, attemptsMax: 1, lean: isLean });
      try {
        return await resultOf(() => call(source));
      } finally {
        source.close();
        await player.close();
      }
    }),
  );
  if (lean === undefined || sdk === undefined) throw new Error("there are two paths");
  expect(lean).toEqual(sdk);
  return lean;
}

describe("both paths make the same of", () => {
  test.each(LISTINGS)("a listing of %s", async (_what, recording, expected) => {
    const { verdict, value } = await onBothPaths([recording], listFirst);
    expect(verdict).toBe("resolved");
    expect(value).toMatchObject(expected);
    expect(value?.objects).toHaveLength(expected.objects.length);
  });

  test.each(NO_LISTINGS)("what is no page: %s", async (_what, recording, verdict) => {
    expect((await onBothPaths([recording], listFirst)).verdict).toBe(verdict);
  });

  test.each(REFUSALS)("a refusal: %s", async (_what, recording, list, read) => {
    expect((await onBothPaths([recording], listFirst)).verdict).toBe(list);
    const { verdict, value } = await onBothPaths([recording], (source) => readListed(source, LISTED));
    expect(value?.outcome ?? verdict).toBe(read);
  });

  test.each(READS)("a read of %s", async (_what, recording, expected) => {
    const { verdict, value } = await onBothPaths([recording], (source) => readListed(source, LISTED));
    const text = value?.outcome === "read" ? Buffer.from(value.bytes).toString("utf8") : value?.outcome;
    expect(text ?? verdict).toBe(expected);
  });
});
