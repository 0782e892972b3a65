import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Database, DatabasePlace } from "./database";
import { bundleForChild } from "./testing/bundle-for-child";
import { temporaryDatabase } from "./testing/temporary-database";
import { type WriteReport, writeUntil } from "./testing/write-until";

/** Both cores work through it: `npm test` asks for more, SLUICE_STRESS_SECONDS=30 is the long run. The count bounds it on a machine that is very fast. */
const SECONDS = Number(process.env.SLUICE_STRESS_SECONDS ?? 0.5);
const TRANSACTIONS_MAX = 5_000 * SECONDS;

let database: Database;
let place: DatabasePlace;
let remove: () => Promise<void>;
let child: ChildProcess | undefined;

beforeEach(() => {
  ({ database, place, remove } = temporaryDatabase());
});
afterEach(async () => {
  // `kill` tells whether there was still a process to kill.
  if (child?.kill("SIGKILL")) await once(child, "exit");
  await remove();
});

const reportSchema = z.object({
  acknowledged: z.number(),
  busy: z.number(),
  reads: z.number(),
  halvesSeen: z.number(),
  slowestMs: z.number(),
});

/** Resolves with what the child saw, or rejects when it ends without saying anything. */
function reportOf(process: ChildProcess): Promise<WriteReport> {
  return new Promise((resolve, reject) => {
    process.once("message", (message) => resolve(reportSchema.parse(message)));
    process.once("exit", (code, signal) => reject(new Error(`The child ended with ${signal ?? code}`)));
  });
}

const countAttempts = () => database.reading(({ prisma }) => prisma.attempt.count());

/** A process takes a while to start; what is asked of two at once begins when both are there. */
async function untilAnotherWrites(): Promise<void> {
  while ((await countAttempts()) === 0) await pause(10);
}

const told = (name: string) => ({ name, seconds: SECONDS, transactionsMax: TRANSACTIONS_MAX });

test(
  "two processes write at once, and nobody meets BUSY, loses a row or sees a part of a transaction",
  async () => {
    await countAttempts();
    child = fork(await bundleForChild("writing-child.ts", place.dataDir));
    const theirs = reportOf(child);
    child.send({ place, ...told("child") });
    await untilAnotherWrites();
    const reports = await Promise.all([writeUntil({ database, ...told("parent") }), theirs]);
    if (process.env.SLUICE_STRESS_SECONDS) process.stdout.write(`${JSON.stringify(reports)}\n`);

    for (const report of reports) {
      expect(report).toMatchObject({ busy: 0, halvesSeen: 0 });
      expect(report.acknowledged).toBeGreaterThan(0);
      expect(report.reads).toBeGreaterThan(0);
    }
    const sum = reports.reduce((total, report) => total + report.acknowledged, 0);
    const rows = await database.reading(({ prisma }) =>
      prisma.attempt.groupBy({ by: ["subject"], _count: true }),
    );
    expect(rows.map((row) => [row.subject, row._count])).toEqual([
      ["prisma", sum],
      ["statement", sum],
    ]);
    const counter = await database.reading(({ prisma }) =>
      prisma.setting.findUniqueOrThrow({ where: { key: "counter" } }),
    );
    expect(Number(counter.value)).toBe(sum);
  },
  20_000 + SECONDS * 2_000,
);

test("a process that writes without a break lets another one in", async () => {
  child = fork(await bundleForChild("unbroken-child.ts", place.dataDir));
  child.send(place);
  await untilAnotherWrites();

  for (let number = 1; number <= 10; number++) {
    await database.transaction(({ prisma }) =>
      prisma.attempt.create({ data: { id: `parent-${number}`, subject: "parent", at: 1n } }),
    );
    // Meanwhile the lock goes back to the child.
    await pause(50);
  }
  expect(child.exitCode).toBeNull();
});
