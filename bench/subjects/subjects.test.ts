import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { inTurns } from "../measures/in-turns.mjs";
import { table } from "../report/table.mjs";
import { Transactions } from "../report/transactions.mjs";
import { median, times } from "../report/words.mjs";
import { watchProcesses } from "./processes.mjs";
import { summarizeProfile } from "./profile.mjs";

/** Starts one like itself, waits for its end, and each takes 100 MB and 0.2 s of CPU. */
const HUNGRY = `
  const { spawn } = require("node:child_process");
  const [code, isChild] = process.argv.slice(1);
  const taken = Buffer.alloc(100 * 1024 * 1024, 1);
  while (process.cpuUsage().user < 200_000);
  if (isChild) setTimeout(() => taken.length, 700);
  else spawn(process.execPath, ["-e", code, code, "child"]).on("exit", () => taken.length);
`;

test("memory and CPU are those of a process and of what it started, together", async () => {
  const child = spawn(process.execPath, ["-e", HUNGRY, HUNGRY], { stdio: "ignore" });
  const watched = watchProcesses(child.pid);
  await new Promise((resolve) => child.once("exit", resolve));
  const { peakMb, privateMb, cpuSeconds } = watched.stop();
  expect(privateMb).toBeGreaterThan(200);
  expect(peakMb).toBeGreaterThan(privateMb);
  const spent = Object.values<number>(cpuSeconds).reduce((sum, seconds) => sum + seconds, 0);
  expect(spent).toBeGreaterThan(0.35);
});

test("subjects take turns at going first", async () => {
  const order: string[] = [];
  const subject = (name: string) => ({ name, run: async () => order.push(name) });
  const results = await inTurns(3, [subject("a"), null, subject("b")], () => {});
  expect(order).toEqual(["a", "b", "b", "a", "a", "b"]);
  expect(results).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
});

test("the time of several runs is the one in the middle, with all beside it", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(times([3, 1, 2])).toBe("2.00 s (3.00, 1.00, 2.00)");
  expect(times([12.34])).toBe("12.3 s");
});

test("a profile is summed by function, most costly first, idle time apart", () => {
  const node = (id: number, functionName: string, url = "") => ({
    id,
    callFrame: { functionName, url, lineNumber: 6 },
  });
  const summary = summarizeProfile({
    nodes: [node(1, "(idle)"), node(2, "compare", "file:///x/dist/worker.mjs"), node(3, "", "")],
    samples: [1, 2, 2, 3],
    timeDeltas: [1_000, 2_000, 3_000, 500],
  });
  expect(summary).toEqual({
    totalMs: 6.5,
    busyMs: 5.5,
    rows: [
      { name: "compare worker.mjs:7", ms: 5 },
      { name: "(idle)", ms: 1 },
      { name: "(anonymous) :7", ms: 0.5 },
    ],
  });
});

test("the table says of each row whether its target was reached, and what is odd about it below", () => {
  const row = {
    measure: "time",
    sluice: "2 s",
    peer: null,
    mustReach: "1 s",
    isReached: false,
    notes: ["slow"],
  };
  expect(table([row]).split("\n")).toEqual([
    "| measure | Sluice | peer | must reach | reached |",
    "|---------|--------|------|------------|---------|",
    "| time    | 2 s    |      | 1 s        | no      |",
    "",
    "- time: slow",
  ]);
});

test("transactions are summed over the processes that have said how many they had", () => {
  const heard = new Transactions();
  const last = (transactions: number, tooLong: number, longestMs: number) =>
    JSON.stringify({ level: 20, transactions, tooLong, longestMs, msg: "the database is closed" });
  heard.hear(
    `cut off"}\n{"level":20,"tookMs":70,"msg":"a transaction took longer than it should"}\n${last(900, 1, 70)}\n`,
  );
  heard.hear(`${last(200, 2, 60)}\n${last(4, 0, 3)}`);
  heard.hear("");
  expect(heard.line()).toBe("1,104 transactions of Sluice, 3 of them too long, the longest 70 ms.");
});
