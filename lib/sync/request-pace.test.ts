import { setMaxListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PACE_PAUSE_MS, REQUESTS_AT_ONCE_MAX } from "@/lib/core/limits";
import { type ConnectionPace, type MeteredPace, meterPace, openRequestPace } from "./request-pace";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
setMaxListeners(0, never);

function openPace(rateMax: number | null = null): MeteredPace & ConnectionPace {
  const pace = openRequestPace({ rateMax, monotonicMs: () => Date.now(), random: () => 1 });
  return { ...pace, ...meterPace(pace) };
}

/** Asks for so many requests; says how many of them are out. */
function ask(pace: MeteredPace, count: number, signal = never) {
  const out = { count: 0 };
  const all = Array.from({ length: count }, () =>
    pace.admit("get", signal).then(() => {
      out.count += 1;
    }),
  );
  return { out, all };
}

describe("the pace of requests", () => {
  test("so many go out at once, and the next when one is answered", async () => {
    const pace = openPace();
    const { out } = ask(pace, REQUESTS_AT_ONCE_MAX + 2);
    await vi.advanceTimersByTimeAsync(0);
    expect(out.count).toBe(REQUESTS_AT_ONCE_MAX);
    pace.settle("get", "answered", null, 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(out.count).toBe(REQUESTS_AT_ONCE_MAX + 1);
  });

  test("an answer that asks to slow down halves what goes out at once, after a pause", async () => {
    const pace = openPace();
    await Promise.all(ask(pace, 8).all);
    pace.settle("get", "throttled", null, 1);
    expect(pace.allowedAtOnce()).toBe(REQUESTS_AT_ONCE_MAX / 2);
    const { out } = ask(pace, 1);
    await vi.advanceTimersByTimeAsync(PACE_PAUSE_MS - 1);
    expect(out.count).toBe(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(out.count).toBe(1);
  });

  test("bears more as long as nothing is held back, and again once all of it has come back", async () => {
    const pace = openPace();
    await Promise.all(ask(pace, 8).all);
    expect(pace.bearsMore()).toBe(true);
    for (let answer = 0; answer < 8; answer++) pace.settle("list", "throttled", null, 1);
    expect(pace.bearsMore()).toBe(false);
    await vi.advanceTimersByTimeAsync(2 * PACE_PAUSE_MS);
    for (let answer = 0; answer < 100; answer++) pace.settle("get", "answered", null, 1);
    expect(pace.bearsMore()).toBe(false);
    for (let answer = 0; answer < REQUESTS_AT_ONCE_MAX ** 2; answer++)
      pace.settle("get", "answered", null, 1);
    expect(pace.bearsMore()).toBe(true);
  });

  test("bears no more while as many are under way as may be", async () => {
    const pace = openPace();
    const { all } = ask(pace, REQUESTS_AT_ONCE_MAX);
    await Promise.all(all);
    expect(pace.bearsMore()).toBe(false);
    pace.settle("get", "answered", null, 1);
    expect(pace.bearsMore()).toBe(true);
  });

  test("bears no more where a rate is kept to, until its next request may go", async () => {
    const pace = openPace(10);
    await Promise.all(ask(pace, 1).all);
    expect(pace.bearsMore()).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(pace.bearsMore()).toBe(true);
  });

  test("the store's own Retry-After is kept when it is longer", async () => {
    const pace = openPace();
    await Promise.all(ask(pace, 1).all);
    pace.settle("get", "throttled", 3_000, 1);
    const { out } = ask(pace, 1);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(out.count).toBe(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(out.count).toBe(1);
  });

  test("refusals of requests that were out already slow down once", async () => {
    const pace = openPace();
    await Promise.all(ask(pace, 6).all);
    for (let at = 0; at < 6; at++) pace.settle("get", "throttled", null, 1);
    expect(pace.allowedAtOnce()).toBe(REQUESTS_AT_ONCE_MAX / 2);
    expect(pace.drain()).toMatchObject({ get: 6, throttled: 6 });
  });

  test("never below one request, and answers bring it back to what it was", async () => {
    const pace = openPace();
    for (let at = 0; at < 20; at++) {
      const { all } = ask(pace, 1);
      await vi.advanceTimersByTimeAsync(60_000);
      await Promise.all(all);
      pace.settle("get", "throttled", null, 1);
    }
    expect(pace.allowedAtOnce()).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    for (let at = 0; at < 3_000; at++) {
      await Promise.all(ask(pace, 1).all);
      pace.settle("get", "answered", null, 1);
    }
    expect(pace.allowedAtOnce()).toBe(REQUESTS_AT_ONCE_MAX);
  });

  test("a rate spreads requests over the second", async () => {
    const pace = openPace(10);
    const { out } = ask(pace, 30);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(out.count).toBeGreaterThanOrEqual(10);
    expect(out.count).toBeLessThanOrEqual(11);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(out.count).toBeLessThanOrEqual(21);
  });

  test("another rate holds from the next request on, also for who waits already", async () => {
    const pace = openPace(10);
    const { out } = ask(pace, 30);
    await vi.advanceTimersByTimeAsync(150);
    expect(out.count).toBe(2);
    pace.keepTo(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(out.count).toBeLessThanOrEqual(4);
    pace.keepTo(null);
    await vi.advanceTimersByTimeAsync(500);
    expect(out.count).toBe(30);
  });

  test("who waits leaves with the signal's reason, and nobody's place is lost", async () => {
    const pace = openPace();
    await Promise.all(ask(pace, REQUESTS_AT_ONCE_MAX).all);
    const leaving = new AbortController();
    const left = pace.admit("list", leaving.signal);
    const { out } = ask(pace, 1);
    leaving.abort(new Error("the run was canceled"));
    await expect(left).rejects.toThrow("the run was canceled");
    pace.settle("get", "answered", null, 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(out.count).toBe(1);
    expect(pace.drain()).toMatchObject({ list: 0, get: REQUESTS_AT_ONCE_MAX + 1 });
  });

  test("an ended signal sends nothing", async () => {
    const pace = openPace();
    await expect(pace.admit("get", AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
    expect(pace.drain()).toMatchObject({ get: 0 });
  });

  test("requests are counted by kind, repeated ones beside", async () => {
    const pace = openPace();
    await pace.admit("list", never);
    pace.settle("list", "broken", null, 1);
    await pace.admit("list", never);
    pace.settle("list", "answered", null, 2);
    pace.receive(300);
    const none = { list: 0, get: 0, retried: 0, throttled: 0, bytesRead: 0 };
    expect(pace.drain()).toEqual({ ...none, list: 2, retried: 1, bytesRead: 300 });
    expect(pace.drain()).toEqual(none);
  });

  test("two runs that share a pace are counted apart", async () => {
    const shared = openRequestPace({ rateMax: null, monotonicMs: () => Date.now(), random: () => 1 });
    const [first, second] = [meterPace(shared), meterPace(shared)];
    await Promise.all(ask(first, REQUESTS_AT_ONCE_MAX).all);
    const { out } = ask(second, 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(out.count).toBe(0);
    first.settle("get", "answered", null, 1);
    await vi.advanceTimersByTimeAsync(0);
    expect([first.drain().get, second.drain().get]).toEqual([REQUESTS_AT_ONCE_MAX, 1]);
  });
});
