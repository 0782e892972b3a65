import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import {
  BYTES_OF_CONNECTION,
  BYTES_OF_TEXTS_MAX,
  BYTES_UNFORESEEN_MAX,
  TEXT_BYTES_A_CHAR,
  TEXT_BYTES_MAX,
  TEXT_FORESEEN_CHARS_MAX,
} from "@/lib/core/limits";
import type { ExtractArgs, ExtractedDocument } from "@/lib/extract/extract";
import type { ReadOutcome } from "./batch-store";
import { openBudget } from "./budget";
import { readBatch } from "./read-batch";
import { bytesOfText, HeldMemory, openReadMemory } from "./read-memory";
import { bucketOf, openBatch, TEXT } from "./testing/open-batch";

/** Nobody foresees a long text of forty bytes. */
const PACKED = "x".repeat(40);
const CHUNK = "x".repeat(1_280);
const LONGEST: ExtractedDocument = {
  ...TEXT,
  text: "x".repeat(TEXT_BYTES_MAX),
  chunks: Array.from({ length: TEXT_BYTES_MAX / 1_280 }, () => ({ content: CHUNK, tokens: CHUNK })),
};

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** A batch of packed objects; of their texts, how many are in memory at once when some are written. */
async function openPacked(count: number, document: ExtractedDocument = LONGEST) {
  const { deps, endings } = await openBatch(bucketOf(count, PACKED));
  /** What is in memory costs a collection of it all, so it is counted only where the test is about it. */
  const stands = { isCounted: false, most: 0, asked: 0 };
  let made: WeakRef<ExtractedDocument>[] = [];
  const extract = async () => {
    stands.asked += 1;
    await pause(1);
    const text = { ...document };
    made.push(new WeakRef(text));
    return text;
  };
  const recordOutcomes = async (written: ReadOutcome[]) => {
    await pause(5);
    if (stands.isCounted) {
      collect();
      made = made.filter((text) => text.deref() !== undefined);
      stands.most = Math.max(stands.most, made.length);
    }
    // What is recorded is not kept by the test.
    for (const outcome of written) if (outcome.kind === "stored") outcome.document = TEXT;
    return deps.store.recordOutcomes(written);
  };
  const slow = {
    ...deps,
    extractor: { ...deps.extractor, extract },
    store: { ...deps.store, recordOutcomes },
  };
  return { deps: slow, endings, stands };
}

/** Never answers before the signal. */
const silent = ({ signal }: ExtractArgs) =>
  new Promise<ExtractedDocument>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** That nobody holds anything: two connections can hold as much as one may, which is two of the longest texts at least. */
async function demandWhole(memory: ReturnType<typeof openReadMemory>): Promise<void> {
  const most = await Promise.all(["a", "b"].map((id) => memory.of(id).unforeseen.take(BYTES_UNFORESEEN_MAX)));
  expect(most[0]).toBeGreaterThanOrEqual(2 * TEXT_BYTES_A_CHAR * TEXT_BYTES_MAX);
  const foreseen = await Promise.all(["a", "b"].map((id) => memory.of(id).texts.take(BYTES_OF_TEXTS_MAX)));
  expect(foreseen[0]).toBeGreaterThanOrEqual(4 * TEXT_BYTES_A_CHAR * TEXT_FORESEEN_CHARS_MAX);
}

describe("memory for texts", () => {
  test("tiny objects with the longest texts never hold more of it than there is", async () => {
    const { deps, endings, stands } = await openPacked(24);
    stands.isCounted = true;
    const shared = openReadMemory();
    await readBatch({ ...deps, memory: shared.of("c") });
    expect(Object.values(endings())).toEqual(Array(24).fill("stored"));
    expect(stands.most).toBeGreaterThan(1);
    expect(stands.most * bytesOfText(LONGEST)).toBeLessThanOrEqual(BYTES_UNFORESEEN_MAX / 2);
    await demandWhole(shared);
  });

  test("a connection whose texts do not come holds up no other", async () => {
    const shared = openReadMemory();
    const stopping = new AbortController();
    const stuck = await openPacked(50);
    const extractor = { ...stuck.deps.extractor, extract: silent };
    const memory = shared.of("stuck");
    const reading = readBatch({ ...stuck.deps, extractor, memory, signal: stopping.signal });
    const other = await openPacked(8);
    await readBatch({ ...other.deps, memory: shared.of("other") });
    expect(Object.values(other.endings())).toEqual(Array(8).fill("stored"));
    expect(stuck.endings()).toEqual({});
    stopping.abort(new Error("the run has ended"));
    await expect(reading).rejects.toThrow("the run has ended");
    await demandWhole(shared);
  });

  test.each([
    ["while texts are taken out", "extract"],
    ["while texts are stored", "store"],
  ])(
    "a batch that is aborted %s gives back all of it, also where others still wait",
    async (_when, stage) => {
      const shared = openReadMemory();
      const stopping = new AbortController();
      const { deps } = await openPacked(50);
      const stop = () => stopping.abort(new Error("the run has ended"));
      const recordOutcomes = async () => {
        stop();
        return Promise.reject(new Error("the lease is lost"));
      };
      const isStoring = stage === "store";
      const extractor = isStoring ? deps.extractor : { ...deps.extractor, extract: silent };
      const store = isStoring ? { ...deps.store, recordOutcomes } : deps.store;
      const reading = readBatch({
        ...deps,
        extractor,
        store,
        memory: shared.of("c"),
        signal: stopping.signal,
      });
      if (!isStoring) setTimeout(stop, 20);
      await expect(reading).rejects.toThrow("the run has ended");
      await demandWhole(shared);
    },
  );

  test("a text longer than all there is goes alone", async () => {
    const { deps, endings, stands } = await openPacked(5);
    stands.isCounted = true;
    const memory = { ...deps.memory, unforeseen: openBudget(BYTES_OF_CONNECTION) };
    await readBatch({ ...deps, memory });
    expect(Object.values(endings())).toEqual(Array(5).fill("stored"));
    expect(stands.most).toBe(1);
    expect(await memory.unforeseen.take(BYTES_OF_CONNECTION)).toBe(BYTES_OF_CONNECTION);
  });

  test("a batch of small texts is handed out at once, also where others hold all that is common", async () => {
    const { deps, endings } = await openBatch(bucketOf(200, "x".repeat(400)));
    const shared = openReadMemory();
    for (const id of ["one", "other"]) await shared.of(id).texts.take(BYTES_OF_TEXTS_MAX);
    let asked = 0;
    const extract = async () => {
      asked += 1;
      await vi.waitUntil(() => asked === 200, { timeout: 5_000 });
      return TEXT;
    };
    await readBatch({ ...deps, memory: shared.of("c"), extractor: { ...deps.extractor, extract } });
    expect(Object.values(endings())).toEqual(Array(200).fill("stored"));
  });

  test("what gave little text, or none, leaves room for others long before it is stored", async () => {
    const none: ExtractedDocument = { outcome: "unsupported", detected: "application/zip" };
    for (const document of [TEXT, none]) {
      const { deps, stands } = await openPacked(40, document);
      const recordOutcomes = async (written: ReadOutcome[]) => {
        // Had each kept a room for the longest text, few would have been asked for.
        await vi.waitUntil(() => stands.asked === 40, { timeout: 5_000 });
        return deps.store.recordOutcomes(written);
      };
      const store = { ...deps.store, recordOutcomes };
      await readBatch({ ...deps, store, memory: openReadMemory().of("c") });
      expect(stands.asked).toBe(40);
    }
  });

  test("an object keeps as much of the room for its text as that takes, until it is stored", async () => {
    const { memory, hold } = rooms({ texts: 600, unforeseen: 0 });
    const held = hold();
    await held.holdText(100);
    const other = memory.texts.take(592);
    expect(held.fitText(TEXT)).toBe(true);
    expect(await other).toBe(592);
    const last = memory.texts.take(8);
    held.giveBack();
    expect(await last).toBe(8);
  });

  test("a text that is longer than foreseen takes what is free, and is let go where that is too little", async () => {
    const { memory, hold } = rooms({ texts: 12, unforeseen: 3 });
    const [first, second] = [hold(), hold()];
    for (const held of [first, second]) await held.holdText(1);
    expect(bytesOfText(TEXT)).toBe(8);
    expect(first.fitText(TEXT)).toBe(true);
    expect(second.fitText(TEXT)).toBe(false);
    const room = second.holdUnforeseen(second.unforeseenOf(TEXT));
    first.giveBack();
    await room;
    second.keepText(TEXT);
    expect(memory.unforeseen.takeFree(2)).toBe(null);
    second.giveBack();
    expect([memory.texts.takeFree(12), memory.unforeseen.takeFree(3)]).toEqual([12, 3]);
  });
});

function rooms({ texts, unforeseen }: { texts: number; unforeseen: number }) {
  const [fetched, unfolded] = [openBudget(100), openBudget(100)];
  const memory = { fetched, unfolded, texts: openBudget(texts), unforeseen: openBudget(unforeseen) };
  return { memory, hold: () => new HeldMemory(memory, new AbortController().signal) };
}
