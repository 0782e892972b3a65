import { beforeEach, expect, test } from "vitest";
import { SHARED_ANSWER_MS } from "@/lib/core/limits";
import { openSharedAnswers, type SharedAnswers } from "./shared-answers";

let now: number;
let reads: number;
let shared: SharedAnswers;
beforeEach(() => {
  now = 1_000;
  reads = 0;
  shared = openSharedAnswers(() => now);
});

const read = async () => {
  reads += 1;
  return { reads };
};
const ask = async (name = "run 1") => (await shared.json(name, read)).json();

test("a hundred who ask at once are answered by one reading, each with an answer of its own", async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask()));
  expect(reads).toBe(1);
  expect(answers.every((answer) => answer.reads === 1)).toBe(true);
});

test("after its time an answer is read again, and what is named otherwise is another question", async () => {
  await ask();
  now += SHARED_ANSWER_MS - 1;
  expect(await ask()).toEqual({ reads: 1 });
  expect(await ask("run 2")).toEqual({ reads: 2 });
  now += 1;
  expect(await ask()).toEqual({ reads: 3 });
});

test("what has changed by somebody's hand is read again at once", async () => {
  await ask();
  shared.forgetAll();
  expect(await ask()).toEqual({ reads: 2 });
});

test("what could not be read is told to all who waited, and the next one reads anew", async () => {
  const broken = async () => {
    reads += 1;
    throw new Error("away");
  };
  const waiting = await Promise.allSettled([shared.json("run 1", broken), shared.json("run 1", broken)]);
  expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(reads).toBe(1);
  expect(await ask()).toEqual({ reads: 2 });
});
