import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { AbortWatch } from "./abort-watch";

function listenersOn(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

test("many hear of a signal by one listener, and the last who leaves takes it away", () => {
  const { signal } = new AbortController();
  const watch = new AbortWatch();
  const listeners = Array.from({ length: 20 }, () => ({ onAbort: () => {} }));
  for (const listener of listeners) watch.add(signal, listener);
  expect(listenersOn(signal)).toBe(1);
  for (const listener of listeners.slice(1)) watch.delete(signal, listener);
  expect(listenersOn(signal)).toBe(1);
  for (const listener of listeners) watch.delete(signal, listener);
  expect(listenersOn(signal)).toBe(0);
});

test("all who are there hear the reason once, also where they leave as they hear it", () => {
  const one = new AbortController();
  const other = new AbortController();
  const watch = new AbortWatch();
  const heard: unknown[] = [];
  const listen = (name: string, signal: AbortSignal) => {
    const listener = {
      onAbort: (reason: unknown) => {
        heard.push(`${name} ${reason}`);
        watch.delete(signal, listener);
      },
    };
    watch.add(signal, listener);
    return listener;
  };
  listen("first", one.signal);
  listen("second", one.signal);
  listen("other", other.signal);
  watch.delete(one.signal, listen("gone", one.signal));
  one.abort("stop");
  expect(heard).toEqual(["first stop", "second stop"]);
  expect(listenersOn(one.signal)).toBe(0);
  expect(listenersOn(other.signal)).toBe(1);
});
