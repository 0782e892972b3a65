import { describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { STORE_BATCH_OBJECTS } from "@/lib/core/limits";
import type { ReadOutcome } from "./batch-store";
import { openStoreBatches } from "./store-batches";
import { openWritePace, type WritePace } from "./write-pace";

const WAIT_MS = 10;

function outcomeOf(at: number): ReadOutcome {
  const object = { key: `${at}.txt`, etag: "e", sizeBytes: 1, lastModified: 1, storageClass: "STANDARD" };
  const queued = { object, tags: "t", documentId: `d${at}`, hasStoredVersion: false, attempts: 0 };
  return { kind: "skipped", queued, reason: "empty", message: null, detected: null, nextTryAt: null };
}

/** Stores so many outcomes that come at once, on a database that takes so long for each; `isBad` ones are refused. */
async function store(
  count: number,
  msPerObject: number,
  {
    isBad = () => false,
    pace = openWritePace(STORE_BATCH_OBJECTS),
  }: { isBad?: (key: string) => boolean; pace?: WritePace } = {},
) {
  const written: string[][] = [];
  const refused = new SluiceError({ code: "destination", effect: "skip", message: "no" });
  const batches = openStoreBatches(
    { expected: count, waitMs: WAIT_MS, pace },
    {
      write: async (outcomes) => {
        const keys = outcomes.map(({ queued }) => queued.object.key);
        if (outcomes.some(({ kind, queued }) => kind !== "failed" && isBad(queued.object.key))) throw refused;
        written.push(keys);
        return keys.length * msPerObject;
      },
      insteadOf: ({ queued }) => ({
        kind: "failed",
        queued,
        code: "destination",
        stage: "store",
        message: "no",
        detected: null,
        attempt: 1,
        nextTryAt: null,
      }),
    },
  );
  await Promise.all(Array.from({ length: count }, (_, at) => batches.add(outcomeOf(at))));
  return { written, sizes: written.map(({ length }) => length) };
}

describe("outcomes that come faster than they are stored", () => {
  test("go in large transactions where the database is fast", async () => {
    const pace = openWritePace(STORE_BATCH_OBJECTS);
    expect((await store(200, 0.05, { pace })).sizes).toEqual([100, 100]);
    // From then on a batch of objects is one transaction.
    expect((await store(200, 0.05, { pace })).sizes).toEqual([200]);
  });

  test("go in ever smaller ones where it is slow, though their batches were full before that was known", async () => {
    const { sizes } = await store(600, 0.6);
    expect(sizes[0]).toBe(100);
    expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(50);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(600);
  });

  test("are each written once, also where one of them is refused", async () => {
    const { written } = await store(600, 0.6, { isBad: (key) => key === "317.txt" });
    const keys = written.flat();
    expect(new Set(keys).size).toBe(600);
    expect(keys).toHaveLength(600);
    expect(written.find((part) => part.includes("317.txt"))).toEqual(["317.txt"]);
  });
});
