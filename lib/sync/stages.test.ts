import { expect, test } from "vitest";
import { openStageClock } from "./stages";

test("stages are summed, also what goes on at once and what fails, and fractions are not lost", async () => {
  let now = 0;
  const clock = openStageClock(() => now);
  const ends: (() => void)[] = [];
  const slow = () => new Promise<void>((end) => ends.push(end));
  const both = [clock.time("fetch", slow), clock.time("fetch", slow)];
  now = 10.4;
  for (const end of ends) end();
  await Promise.all(both);
  const broken = clock.time("store", async () => {
    now = 13.9;
    throw new Error("the disk is full");
  });
  await expect(broken).rejects.toThrow("the disk is full");
  expect(clock.drain()).toEqual({ fetch: 20, store: 3 });
  await clock.time("store", async () => {
    now = 14.5;
  });
  expect(clock.drain()).toEqual({ store: 1 });
  expect(clock.drain()).toEqual({});
});
