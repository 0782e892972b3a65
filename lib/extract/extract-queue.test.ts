import { expect, test } from "vitest";
import { BATCH_OBJECT_BYTES_MAX, BATCH_OBJECTS_MAX, ExtractQueue } from "./extract-queue";

const never = new AbortController().signal;
const SMALL = new Uint8Array(1);
const LARGE = new Uint8Array(BATCH_OBJECT_BYTES_MAX + 1);

/** Objects are named by their owner and a number. */
function put(queue: ExtractQueue, owner: string, names: string[], bytes = SMALL, signal = never) {
  return names.map((name) => queue.add({ owner, name, bytes, signal }));
}

const numbered = (owner: string, count: number) => Array.from({ length: count }, (_, at) => `${owner}${at}`);
const takeNames = (queue: ExtractQueue) => queue.take(1).map(({ name }) => name);

/** What one child takes after another, until nothing waits. */
function takeAll(queue: ExtractQueue): string[][] {
  const batches: string[][] = [];
  while (!queue.isEmpty) batches.push(takeNames(queue));
  return batches;
}

test("an owner with many objects has one batch before another's first, and each has its own in order", () => {
  const queue = new ExtractQueue();
  put(queue, "a", numbered("a", 4), LARGE);
  put(queue, "b", numbered("b", 3));
  put(queue, "c", ["c0"], LARGE);
  expect(takeAll(queue)).toEqual([["a0"], ["b0", "b1", "b2"], ["c0"], ["a1"], ["a2"], ["a3"]]);
});

test("an owner that comes back comes after those that wait", () => {
  const queue = new ExtractQueue();
  put(queue, "a", ["a0"]);
  put(queue, "b", numbered("b", 2), LARGE);
  expect(takeNames(queue)).toEqual(["a0"]);
  put(queue, "a", ["a1"]);
  expect(takeAll(queue)).toEqual([["b0"], ["a1"], ["b1"]]);
});

test("what is tried again stands in front of its owner's, and not of another's", () => {
  const queue = new ExtractQueue();
  put(queue, "a", numbered("a", 2), LARGE);
  put(queue, "b", ["b0"]);
  for (const waiting of queue.take(1)) queue.addAgain(waiting);
  expect(takeAll(queue)).toEqual([["b0"], ["a0"], ["a1"]]);
});

test("twenty thousand small objects of two owners are taken in batches, each once", () => {
  const queue = new ExtractQueue();
  for (const owner of ["a", "b"]) put(queue, owner, numbered(owner, 10_000));
  const batches = takeAll(queue);
  expect(new Set(batches.flat()).size).toBe(20_000);
  expect(batches.every((batch) => batch.length <= BATCH_OBJECTS_MAX)).toBe(true);
  expect(batches.slice(0, 4).map(([first]) => first?.[0])).toEqual(["a", "b", "a", "b"]);
});

test("what is aborted is taken away from every owner, and the rest of each stays", async () => {
  const queue = new ExtractQueue();
  const leaving = new AbortController();
  put(queue, "a", ["a0"], LARGE);
  const gone = ["a", "b", "c"].flatMap((owner) => put(queue, owner, ["gone"], LARGE, leaving.signal));
  put(queue, "b", ["b0"], LARGE);
  leaving.abort(new Error("the run was superseded"));
  for (const each of gone) await expect(each).rejects.toThrow("superseded");
  expect(takeAll(queue)).toEqual([["a0"], ["b0"]]);
});
