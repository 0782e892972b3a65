import { describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { BYTES_OF_CONNECTION, CHUNKS_A_TRANSACTION_MAX, STORE_CHARS_A_ROW } from "@/lib/core/limits";
import type { ReadOutcome } from "./batch-store";
import { openStoreBatches } from "./store-batches";
import { openWritePace, type WritePace } from "./write-pace";

const WAIT_MS = 10;
const BOUNDS = { min: 25, start: 100, max: 200 };

function outcomeOf(at: number): ReadOutcome {
  const object = { key: `${at}.txt`, etag: "e", sizeBytes: 1, lastModified: 1, storageClass: "STANDARD" };
  const queued = { object, tags: "t", documentId: `d${at}`, hasStoredVersion: false, attempts: 0 };
  return { kind: "skipped", queued, reason: "empty", message: null, detected: null, nextTryAt: null };
}

/** A text of so many characters, cut into so many chunks. */
function textOf(at: number, chunks: number, chars = chunks): ReadOutcome {
  const { queued } = outcomeOf(at);
  const document = {
    outcome: "text",
    text: "x".repeat(chars),
    title: null,
    type: "text",
    isCut: false,
    titleTokens: "",
    chunks: Array.from({ length: chunks }, () => ({ content: "x", tokens: "x" })),
    areChunksCut: false,
  } as const;
  return {
    kind: "stored",
    queued,
    etag: "e",
    lastModified: 1,
    document: { ...document, chunks: [...document.chunks] },
  };
}

/** Stores so many outcomes that come at once, on a database that takes so long for each; `isBad` ones are refused. */
async function store(
  count: number,
  msPerObject: number,
  {
    isBad = () => false,
    pace = openWritePace(BOUNDS),
    outcome = outcomeOf,
  }: { isBad?: (key: string) => boolean; pace?: WritePace; outcome?: (at: number) => ReadOutcome } = {},
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
  await Promise.all(Array.from({ length: count }, (_, at) => batches.add(outcome(at))));
  return { written, sizes: written.map(({ length }) => length) };
}

describe("outcomes that come faster than they are stored", () => {
  test("go in large transactions where the database is fast", async () => {
    const pace = openWritePace(BOUNDS);
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

  test("go in as large ones as have so many chunks", async () => {
    const { sizes } = await store(8, 0, { outcome: (at) => textOf(at, 39) });
    // Forty rows each: two of them in the first hundred, and five in twice as many.
    expect(sizes).toEqual([2, 2, 2, 2]);
    expect((await store(4, 0, { outcome: (at) => textOf(at, BOUNDS.start) })).sizes).toEqual([1, 1, 1, 1]);
  });

  test("go alone where one is large, and by their characters where chunks are written ahead", async () => {
    const long = (chars: number) => (at: number) => textOf(at, CHUNKS_A_TRANSACTION_MAX + 1, chars);
    expect((await store(100, 0, { outcome: long(10) })).sizes).toEqual([100]);
    expect((await store(4, 0, { outcome: long(STORE_CHARS_A_ROW * BOUNDS.start) })).sizes).toEqual([
      1, 1, 1, 1,
    ]);
  });

  test("go when they hold much memory, however few rows they are", async () => {
    const chars = Math.ceil(BYTES_OF_CONNECTION / 5);
    const { sizes } = await store(6, 0, { outcome: (at) => textOf(at, CHUNKS_A_TRANSACTION_MAX + 1, chars) });
    expect(sizes).toEqual([3, 3]);
  });
});
