import { describe, expect, test, vi } from "vitest";
import { openBudget, openSharedBudget } from "./budget";

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

describe("what is taken without waiting", () => {
  test("is what is free, and counts as any other", async () => {
    const budget = openBudget(10);
    expect(budget.takeFree(6)).toBe(6);
    expect(budget.takeFree(5)).toBe(null);
    expect(budget.takeFree(4)).toBe(4);
    budget.give(10);
    expect(budget.takeFree(50)).toBe(10);
  });

  test("overtakes nobody who waits", async () => {
    const budget = openBudget(10);
    await budget.take(6);
    const large = budget.take(9);
    expect(budget.takeFree(1)).toBe(null);
    budget.give(6);
    expect(await large).toBe(9);
    expect(budget.takeFree(1)).toBe(1);
  });

  test("is never more than an owner may hold, and of what is common only what is free", () => {
    const budget = openSharedBudget({ total: 40, own: 5, ownersMax: 4 });
    for (const owner of ["one", "other"]) expect(budget.of(owner).takeFree(50)).toBe(15);
    expect(budget.of("one").takeFree(1)).toBe(null);
    expect(budget.of("third").takeFree(6)).toBe(null);
    expect(budget.of("third").takeFree(5)).toBe(5);
    budget.of("one").give(15);
    expect(budget.of("third").takeFree(10)).toBe(10);
  });

  test("is held up by who waits for others, and not by who has to give back something first", async () => {
    const budget = openSharedBudget({ total: 40, own: 5, ownersMax: 4 });
    await budget.of("one").take(15);
    const more = budget.of("one").take(1);
    expect(budget.of("other").takeFree(10)).toBe(10);
    const large = budget.of("third").take(15);
    expect(budget.of("other").takeFree(1)).toBe(null);
    expect(budget.of("fourth").takeFree(5)).toBe(5);
    expect(await isSettled(Promise.race([more, large]))).toBe(false);
  });
});

describe("a budget of several owners", () => {
  // Each of at most four has 5 to itself; of the 20 in common it may hold 10.
  const open = () => openSharedBudget({ total: 40, own: 5, ownersMax: 4 });

  test("gives nobody more than its own and half of what is common", async () => {
    const greedy = open().of("greedy");
    expect(await greedy.take(50)).toBe(15);
    const more = greedy.take(1);
    expect(await isSettled(more)).toBe(false);
    greedy.give(1);
    expect(await more).toBe(1);
  });

  test("whatever one owner keeps and waits for, another gets as much", async () => {
    const budget = open();
    await budget.of("silent").take(9);
    const more = budget.of("silent").take(9);
    expect(await budget.of("other").take(15)).toBe(15);
    expect(await isSettled(more)).toBe(false);
  });

  test("where some keep all that is common, every other still has its own", async () => {
    const budget = open();
    for (const silent of ["one", "other"]) await budget.of(silent).take(15);
    const large = budget.of("third").take(6);
    expect(await isSettled(large)).toBe(false);
    expect(await budget.of("fourth").take(5)).toBe(5);
    // Within one owner nobody overtakes.
    expect(await isSettled(budget.of("third").take(1))).toBe(false);
  });

  test("owners take turns: what one gives back goes to another that waits before it goes to its next", async () => {
    const budget = open();
    const order: string[] = [];
    const ask = async (owner: string) => {
      await budget.of(owner).take(15);
      order.push(owner);
    };
    const asked = [..."aabb", "c", "c"].map(ask);
    for (let at = 0; at < asked.length; at++) {
      await vi.waitUntil(() => order.length > at, { interval: 1, timeout: 1_000 });
      budget.of(order[at] ?? "").give(15);
    }
    expect(order.join("")).toBe("abcabc");
  });

  test("who needs much is not overtaken for ever by those who need little", async () => {
    const budget = open();
    for (const silent of ["one", "other"]) await budget.of(silent).take(15);
    const large = budget.of("third").take(15);
    const small = budget.of("fourth").take(6);
    budget.of("one").give(6);
    expect(await isSettled(small)).toBe(false);
    budget.of("one").give(9);
    expect(await large).toBe(15);
    expect(await isSettled(small)).toBe(false);
    budget.of("other").give(15);
    expect(await small).toBe(6);
  });

  test("is whole again when everybody has given back or given up", async () => {
    const budget = open();
    const giving = new AbortController();
    for (let round = 0; round < 3; round++) {
      await budget.of("one").take(12);
      await budget.of("other").take(13);
      const waiting = budget
        .of("third")
        .take(15, giving.signal)
        .catch(() => 0);
      if (round === 2) giving.abort(new Error("no longer wanted"));
      budget.of("one").give(12);
      budget.of("other").give(13);
      budget.of("third").give(await waiting);
    }
    expect(await Promise.all(["a", "b"].map((owner) => budget.of(owner).take(15)))).toEqual([15, 15]);
    expect(await budget.of("c").take(5)).toBe(5);
    expect(await isSettled(budget.of("d").take(6))).toBe(false);
  });
});
