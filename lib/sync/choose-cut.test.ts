import { describe, expect, test } from "vitest";
import { compareKeys } from "@/lib/core/bytes-order";
import { LIST_CUT_PROBES_MAX } from "@/lib/core/limits";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { type CutChoice, chooseCut, type Probe } from "./choose-cut";
import { KEY_SHAPES, keysOf, seededRandom } from "./testing/key-shapes";

const { signal } = new AbortController();
const PAGE_KEYS = 100;

/** What a walk has come to that has listed so many keys, in a bucket with pages of a hundred. */
async function chooseIn(
  bucketKeys: readonly string[],
  at: { walked: number; until?: number; prefix?: string },
  probe?: (bucket: MemorySource) => Probe,
): Promise<{ choice: CutChoice; probes: number; before: number; behind: number }> {
  const bucket = new MemorySource({ pageKeys: PAGE_KEYS });
  for (const key of bucketKeys) bucket.put(key, "", { etag: "e" });
  const keys = bucket.keys();
  const prefix = at.prefix ?? "";
  const page = keys.slice(at.walked - PAGE_KEYS, at.walked);
  const cursorKey = page.at(-1) ?? "";
  const untilKey = at.until === undefined ? null : (keys[at.until] ?? null);
  let probes = 0;
  const ask: Probe =
    probe?.(bucket) ?? ((startAfter) => bucket.listPage({ prefix, startAfter, token: null, signal }));
  const remainder = { prefix, cursorKey, untilKey, firstKey: keys[0] ?? "", sampleKeys: page };
  const choice = await chooseCut(remainder, (afterKey) => {
    probes += 1;
    return ask(afterKey);
  });
  const rest = keys.slice(at.walked, at.until === undefined ? keys.length : at.until + 1);
  const isBefore = (key: string) => choice.outcome === "found" && compareKeys(key, choice.key) <= 0;
  const before = rest.filter(isBefore).length;
  if (choice.outcome === "found") {
    expect(compareKeys(choice.key, cursorKey)).toBeGreaterThan(0);
    if (untilKey !== null) expect(compareKeys(choice.key, untilKey)).toBeLessThan(0);
    expect(Buffer.from(choice.key, "utf8").toString("utf8")).toBe(choice.key);
  }
  expect(probes).toBeLessThanOrEqual(LIST_CUT_PROBES_MAX);
  return { choice, probes, before, behind: rest.length - before };
}

describe("where the remainder of a range is cut", () => {
  test.each(Object.entries(KEY_SHAPES))("%s: no half is small, whatever is walked", async (_name, shape) => {
    const keys = keysOf(shape, 4_000, seededRandom(1));
    for (const at of [{ walked: 500 }, { walked: 2_000 }, { walked: 500, until: 3_000 }]) {
      const { before, behind } = await chooseIn(keys, at);
      expect(Math.min(before, behind) / (before + behind)).toBeGreaterThan(0.1);
    }
  });

  test("under a prefix, within the prefix", async () => {
    const inside = Array.from({ length: 2_000 }, (_, at) => `in/${String(at).padStart(5, "0")}`);
    const outside = Array.from({ length: 2_000 }, (_, at) => `out/${String(at).padStart(5, "0")}`);
    const { choice, probes } = await chooseIn([...inside, ...outside], { walked: 500, prefix: "in/" });
    expect(choice).toMatchObject({ outcome: "found", key: expect.stringMatching(/^in\/0/) });
    expect(probes).toBeLessThan(LIST_CUT_PROBES_MAX);
  });

  test("in what differs of keys as long as a key may be", async () => {
    const folder = "a/very/long/name/".repeat(59);
    const keys = Array.from({ length: 3_000 }, (_, at) => `${folder}${String(at).padStart(10, "0")}`);
    const { before, behind } = await chooseIn(keys, { walked: 1_000 });
    expect(Math.min(before, behind)).toBeGreaterThan(200);
  });

  test("not where less than a page is left", async () => {
    const keys = Array.from({ length: 1_090 }, (_, at) => String(at).padStart(5, "0"));
    expect((await chooseIn(keys, { walked: 1_000 })).choice).toEqual({ outcome: "nothing_found" });
    const two = await chooseIn(keys, { walked: 500, until: 580 });
    expect(two.choice).toEqual({ outcome: "nothing_found" });
  });

  test("not where pages come without keys", async () => {
    const keys = Array.from({ length: 1_000 }, (_, at) => String(at).padStart(5, "0"));
    const { choice } = await chooseIn(keys, { walked: 500 }, () => async () => ({
      objects: [],
      nextToken: "more",
      bytes: 1,
    }));
    expect(choice).toEqual({ outcome: "nothing_found" });
  });

  test("not in a store that lists from the beginning whatever it is asked for, which the first probe finds out", async () => {
    const keys = Array.from({ length: 1_000 }, (_, at) => String(at).padStart(5, "0"));
    const { choice, probes } = await chooseIn(
      keys,
      { walked: 500 },
      (bucket) => () => bucket.listPage({ prefix: "", startAfter: null, token: null, signal }),
    );
    expect(choice).toEqual({ outcome: "start_after_ignored" });
    expect(probes).toBe(1);
  });

  test("within it, in a bounded number of probes, whatever the keys are", async () => {
    const random = seededRandom(7);
    const letters = [..."ab/0\n~\u007f\u00e9\u3042\ud7ff\uff01\u{10ffff}😀"];
    const some = (count: number) => Math.floor(random() * count);
    let found = 0;
    for (let round = 0; round < 100; round++) {
      const beginning = Array.from({ length: some(4) }, () => letters[some(letters.length)]).join("");
      const keys = Array.from(
        { length: 400 + some(400) },
        () => beginning + Array.from({ length: 1 + some(8) }, () => letters[some(letters.length)]).join(""),
      );
      // What must hold of a choice, `chooseIn` demands.
      const { choice } = await chooseIn([...new Set(keys)], {
        walked: PAGE_KEYS + some(150),
        ...(some(2) === 0 ? {} : { until: 300 + some(60) }),
      });
      if (choice.outcome === "found") found += 1;
    }
    expect(found).toBeGreaterThan(50);
  });
});
