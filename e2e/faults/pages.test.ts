import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FaultBench, SENTENCE } from "./support/fault-bench";
import type { Rule } from "./support/fault-proxy";
import {
  backwards,
  emptyListing,
  emptyPagesBetween,
  encodedKeys,
  endListing,
  everyPage,
  loseToken,
  nthPage,
  overlappingPages,
  repeatedPage,
  repeatedTokens,
  skipPage,
  startAfterIgnored,
} from "./support/page-faults";
import { sampleObjects } from "./support/sample-objects";

/** Four pages and a little: one that is lost holds more than a quarter of everything. */
const PAGE_KEYS = 80;
/** In which the listing is walked where an earlier run has found it worth it. */
const CUTS = ["notes/0040.txt", "odd/a+b", "tenants/ada/0010.md"];

let bench: FaultBench;
let bucket: string;
let objects: number;
let connectionId: string;

beforeAll(async () => {
  bench = await FaultBench.open({ pageKeysMax: PAGE_KEYS });
  const sample = await sampleObjects();
  objects = Object.keys(sample).length;
  bucket = await bench.disturbed.bucket(sample);
});
afterEach(() => bench.disconnect(connectionId));
afterAll(() => bench.close());

/** As if an earlier run had found that the listing is best cut at these keys: the next one is walked in ranges. */
const cut = () =>
  bench.rows.change(
    `UPDATE connection SET listing_cuts = '${JSON.stringify(CUTS)}' WHERE id = '${connectionId}'`,
  );

describe("listings that are not what they should be are read to their end, and nothing is lost, doubled or removed", () => {
  const SURVIVED: [name: string, rule: () => Rule][] = [
    ["keys backwards on every page", () => backwards],
    ["a page that repeats the one before it", () => repeatedPage(2)],
    ["pages that begin with the last key of the one before", overlappingPages],
    ["pages without keys in between", () => emptyPagesBetween],
  ];

  test.each(SURVIVED)("%s: a first run", async (_, rule) => {
    connectionId = await bench.connect(bucket);
    bench.proxy.obey(rule());
    const run = await bench.runAgain(connectionId);
    expect(run).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0, onHold: 0 } });
    expect(bench.proxy.disturbed).toBeGreaterThan(0);
    await bench.expectUndisturbed(bucket, connectionId);
  });

  test.each([...SURVIVED, ["a store that does not know StartAfter", () => startAfterIgnored] as const])(
    "%s: a run that walks in ranges",
    async (_, rule) => {
      connectionId = await bench.connectStored(bucket);
      await cut();
      bench.proxy.obey(rule());
      const run = await bench.runAgain(connectionId);
      expect(run).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0, onHold: 0 } });
      expect(bench.proxy.disturbed).toBeGreaterThan(0);
      expect(bench.proxy.objects).toEqual([]);
      await bench.expectUndisturbed(bucket, connectionId);
    },
  );
});

describe("a listing that cannot come to its end fails the run and removes nothing", () => {
  const ENDLESS: [name: string, rule: Rule][] = [
    ["a token that repeats", repeatedTokens],
    ["a token that is lost in the middle", nthPage(2, loseToken)],
  ];

  for (const walkers of ["one walker", "ranges"] as const) {
    test.each(ENDLESS)(`%s: ${walkers}`, async (_, rule) => {
      connectionId = await bench.connectStored(bucket);
      const stored = await bench.storedKeys(connectionId);
      if (walkers === "ranges") await cut();
      bench.proxy.obey(rule);
      const run = await bench.runAgain(connectionId);
      expect(run).toMatchObject({ status: "failed", tally: { removed: 0, onHold: 0 } });
      expect(run.error).toMatch(SENTENCE);
      expect(run.error).toContain("listing");
      expect(await bench.storedKeys(connectionId)).toEqual(stored);
      bench.proxy.obey();
      expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed" });
      await bench.expectUndisturbed(bucket, connectionId);
    });
  }
});

describe("keys that a listing loses while it looks complete", () => {
  test("in a first run they are missing, and the next run adds them", async () => {
    connectionId = await bench.connect(bucket);
    bench.proxy.obey(nthPage(2, skipPage));
    const run = await bench.runAgain(connectionId);
    expect(run).toMatchObject({ status: "completed", tally: { listed: objects - PAGE_KEYS, removed: 0 } });
    bench.proxy.obey();
    const next = await bench.runAgain(connectionId);
    expect(next).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0 } });
    await bench.expectUndisturbed(bucket, connectionId);
  });

  const LARGE: [name: string, rule: Rule][] = [
    ["a page in the middle", nthPage(2, skipPage)],
    ["everything after the first page", nthPage(1, endListing)],
    ["everything", nthPage(1, emptyListing)],
  ];

  test.each(LARGE)("%s: their documents are put on hold and none is removed", async (_, rule) => {
    connectionId = await bench.connectStored(bucket);
    const stored = await bench.storedKeys(connectionId);
    bench.proxy.obey(rule);
    const run = await bench.runAgain(connectionId);
    expect(run).toMatchObject({ status: "completed", tally: { removed: 0 } });
    expect(run.tally.onHold).toBeGreaterThan(PAGE_KEYS / 2);
    expect(await bench.storedKeys(connectionId)).toEqual(stored);
    bench.proxy.obey();
    expect(await bench.runAgain(connectionId)).toMatchObject({ tally: { removed: 0, onHold: 0 } });
    await bench.expectUndisturbed(bucket, connectionId);
  });

  test("a few: only theirs are removed, and the next run brings them back with their ids", async () => {
    connectionId = await bench.connectStored(bucket);
    const before = await documentIds();
    const lost: string[] = [];
    bench.proxy.obey(
      everyPage((page, { count }) => {
        if (count !== 2) return null;
        const kept = { ...page, entries: page.entries.slice(20) };
        lost.push(
          ...encodedKeys({ ...page, entries: page.entries.slice(0, 20) }).map((key) =>
            decodeURIComponent(key),
          ),
        );
        return kept;
      }),
    );
    const run = await bench.runAgain(connectionId);
    expect(run).toMatchObject({
      status: "completed",
      tally: { listed: objects - 20, removed: 20, onHold: 0 },
    });
    const missing = [...before.keys()].filter((key) => !lost.includes(key));
    expect([...(await documentIds()).keys()].toSorted()).toEqual(missing.toSorted());
    bench.proxy.obey();
    expect(await bench.runAgain(connectionId)).toMatchObject({ tally: { added: 20, removed: 0 } });
    expect(await documentIds()).toEqual(before);
    await bench.expectUndisturbed(bucket, connectionId);
  });

  async function documentIds(): Promise<Map<string, unknown>> {
    const rows = await bench.rows.all(
      `SELECT object_key, id FROM document WHERE connection_id = '${connectionId}' ORDER BY object_key`,
    );
    return new Map(rows.map((row) => [String(row.object_key), row.id]));
  }
});
