import { describe, expect, test } from "vitest";
import { openBudget } from "./budget";

/** Whether a promise has settled once everything that is ready has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise.catch(() => null), Promise.resolve(pending)])) !== pending;
}

describe("a budget", () => {
  test("gives what is free and lets the rest wait until enough is given back", async () => {
    const budget = openBudget(10);
    expect(await budget.take(6)).toBe(6);
    const second = budget.take(5);
    expect(await isSettled(second)).toBe(false);
    budget.give(1);
    expect(await second).toBe(5);
  });

  test("serves in the order of asking: a small one does not overtake a large one", async () => {
    const budget = openBudget(10);
    await budget.take(6);
    const large = budget.take(9);
    const small = budget.take(1);
    expect(await isSettled(small)).toBe(false);
    budget.give(6);
    expect(await Promise.all([large, small])).toEqual([9, 1]);
  });

  test("gives all it has to who asks for more, and is whole again afterwards", async () => {
    const budget = openBudget(10);
    const taken = await budget.take(50);
    expect(taken).toBe(10);
    budget.give(taken);
    expect(await budget.take(10)).toBe(10);
    expect(await isSettled(budget.take(1))).toBe(false);
  });

  test("who gives up waiting has taken nothing, and no longer stands in the way", async () => {
    const budget = openBudget(10);
    await budget.take(6);
    const giving = new AbortController();
    const large = budget.take(9, giving.signal);
    const small = budget.take(4);
    giving.abort(new Error("no longer wanted"));
    await expect(large).rejects.toThrow("no longer wanted");
    expect(await small).toBe(4);
    await expect(budget.take(1, giving.signal)).rejects.toThrow("no longer wanted");
  });
});
