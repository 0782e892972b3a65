import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { SharedDeadline } from "./shared-deadline";

const never = () => new Promise<never>(() => {});
const late = () => new Error("too late");

function listenersOn(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

test("calls that overlap share one signal, and leave nothing behind", async () => {
  const deadline = new SharedDeadline({ timeoutMs: 10_000, onTimeout: late });
  const { signal } = new AbortController();
  const seen = new Set<AbortSignal>();
  const call = () =>
    deadline.run(signal, async (inner) => {
      seen.add(inner);
      await new Promise((resolve) => setImmediate(resolve));
      return listenersOn(signal);
    });
  expect(await Promise.all(Array.from({ length: 20 }, call))).toEqual(Array(20).fill(1));
  expect(seen.size).toBe(1);
  expect(listenersOn(signal)).toBe(0);
  for (const inner of seen) expect(listenersOn(inner)).toBe(0);
});

test("a call on its own that follows another has a signal of its own", async () => {
  const deadline = new SharedDeadline({ timeoutMs: 10_000, onTimeout: late });
  const { signal } = new AbortController();
  const first = await deadline.run(signal, async (inner) => inner);
  const second = await deadline.run(signal, async (inner) => inner);
  expect(second).not.toBe(first);
  expect(listenersOn(signal)).toBe(0);
});

test("callers do not share: the abort of one leaves the other alone", async () => {
  const deadline = new SharedDeadline({ timeoutMs: 10_000, onTimeout: late });
  const one = new AbortController();
  const other = new AbortController();
  const ended = expect(deadline.run(one.signal, never)).rejects.toThrow("stop now");
  const going = deadline.run(
    other.signal,
    (inner) => new Promise((resolve) => setTimeout(() => resolve(inner.aborted), 20)),
  );
  one.abort(new Error("stop now"));
  await ended;
  expect(await going).toBe(false);
});

test("a call begun after an abort is not begun, and a new caller is served", async () => {
  const deadline = new SharedDeadline({ timeoutMs: 10_000, onTimeout: late });
  const controller = new AbortController();
  const ended = expect(deadline.run(controller.signal, never)).rejects.toThrow("stop now");
  controller.abort(new Error("stop now"));
  await expect(deadline.run(controller.signal, async () => "begun")).rejects.toThrow("stop now");
  await ended;
  expect(await deadline.run(new AbortController().signal, async () => "served")).toBe("served");
});

test("work that does not listen is given up when the time is up, and not before", async () => {
  const deadline = new SharedDeadline({ timeoutMs: 160, onTimeout: late });
  const { signal } = new AbortController();
  const startedAt = performance.now();
  await expect(deadline.run(signal, never)).rejects.toThrow("too late");
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(155);
  expect(listenersOn(signal)).toBe(0);
});

test("a call that begins long after another under way has its whole time", async () => {
  const deadline = new SharedDeadline({ timeoutMs: 160, onTimeout: late });
  const { signal } = new AbortController();
  const first = expect(deadline.run(signal, never)).rejects.toThrow("too late");
  await new Promise((resolve) => setTimeout(resolve, 80));
  const startedAt = performance.now();
  await expect(deadline.run(signal, never)).rejects.toThrow("too late");
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(155);
  await first;
});

test("what the work rejects with is passed on", async () => {
  const deadline = new SharedDeadline({ timeoutMs: 10_000, onTimeout: late });
  const work = deadline.run(new AbortController().signal, () => Promise.reject(new Error("its own")));
  await expect(work).rejects.toThrow("its own");
});
