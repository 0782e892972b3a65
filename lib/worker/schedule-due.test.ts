import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConnection } from "@/lib/connections/create-connection";
import { connectBucketInput } from "@/lib/connections/schema";
import type { Actor } from "@/lib/core/actor";
import { DUE_CONNECTIONS_MAX } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { scheduleDue } from "./schedule-due";

const NOW = 1_790_000_000_000;
const HOUR = 3_600_000;
const START: Actor = { kind: "system", name: "start" };

let database: Database;
let remove: () => Promise<void>;
let connectionId: string;

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const input = connectBucketInput.parse({ bucket: "docs", region: "us-east-1", credentials });
  const columns = {
    addressingStyle: "path",
    sealedCredentials: "sealed",
    nextRunAt: NOW - 10 * HOUR,
  } as const;
  const created = await database.transaction((tx) =>
    createConnection({ actor: START, tx, now: NOW, input: { ...input, ...columns } }),
  );
  connectionId = created.id;
});
afterEach(() => remove());

const { signal } = new AbortController();
const tick = (now = NOW) => scheduleDue({ database, now, random: () => 0.5, signal });
const set = (data: object) =>
  database.transaction((tx) => tx.prisma.connection.update({ where: { id: connectionId }, data }));
const nextRun = async () => {
  const row = await database.reading((tx) => tx.prisma.connection.findFirstOrThrow());
  return row.nextRunAt === null ? null : Number(row.nextRunAt);
};
const runs = () => database.reading((tx) => tx.prisma.syncRun.findMany());

describe("the schedule", () => {
  test("makes one run of all that were missed, and moves on from now", async () => {
    expect(await tick()).toBe(1);
    expect(await tick()).toBe(0);
    expect(await nextRun()).toBe(NOW + 4 * HOUR);
    expect(await runs()).toMatchObject([{ kind: "sync", trigger: "cron", status: "queued" }]);
  });

  test("of two that look at once one queues", async () => {
    const counts = await Promise.all([tick(), tick()]);
    expect(counts.sort()).toEqual([0, 1]);
    expect(await runs()).toHaveLength(1);
  });

  test("is moved by who looked first, also when the run that this one queued has begun since", async () => {
    const other: Database = {
      ...database,
      reading: async (work) => {
        const found = await database.reading(work);
        expect(await tick()).toBe(1);
        await database.transaction(({ prisma }) =>
          prisma.syncRun.updateMany({ data: { status: "running", listingStartedAt: BigInt(NOW) } }),
        );
        return found;
      },
    };
    expect(await scheduleDue({ database: other, now: NOW, random: () => 0.9, signal })).toBe(0);
    expect(await runs()).toHaveLength(1);
    expect(await nextRun()).toBe(NOW + 4 * HOUR);
  });

  test("is slower after failures", async () => {
    await set({ failureStreak: 3 });
    await tick();
    expect(await nextRun()).toBe(NOW + 8 * HOUR);
  });

  test("passes over what is paused, and makes up for it once it is resumed", async () => {
    await set({ pausedAt: 1n });
    expect(await tick()).toBe(0);
    expect(await nextRun()).toBe(NOW - 10 * HOUR);
    await set({ pausedAt: null });
    expect(await tick()).toBe(1);
  });

  test("waits for a plan that has the queue, and tries again at the next look", async () => {
    await database.transaction((tx) =>
      enqueueRun({
        tx,
        now: NOW,
        input: { connectionId, kind: "plan", trigger: "manual", requestedBy: "a" },
      }),
    );
    expect(await tick()).toBe(0);
    expect(await nextRun()).toBe(NOW - 10 * HOUR);
    await database.transaction((tx) => tx.prisma.syncRun.updateMany({ data: { status: "running" } }));
    expect(await tick()).toBe(1);
    expect((await runs()).map(({ kind }) => kind).sort()).toEqual(["plan", "sync"]);
  });

  test("has a transaction for each of very many, and comes to those behind many that are refused", async () => {
    const many = DUE_CONNECTIONS_MAX * 2;
    await database.transaction(async ({ prisma }) => {
      const row = await prisma.connection.findFirstOrThrow();
      const plan = {
        revision: 1,
        kind: "plan",
        trigger: "manual",
        status: "queued",
        requestedBy: "a",
        queuedAt: 1n,
      };
      const rows = Array.from({ length: many }, (_, at) => ({
        ...row,
        id: `due ${at}`,
        nextRunAt: BigInt(at),
      }));
      await prisma.connection.createMany({ data: rows });
      // All but the last wait for a plan.
      await prisma.syncRun.createMany({
        data: rows.slice(0, -1).map(({ id }) => ({ ...plan, id: `plan of ${id}`, connectionId: id })),
      });
    });
    let largest = 0;
    const counted: Database = {
      ...database,
      transaction: async (work) => {
        const before = await database.reading(({ prisma }) => prisma.syncRun.count());
        const result = await database.transaction(work);
        const after = await database.reading(({ prisma }) => prisma.syncRun.count());
        largest = Math.max(largest, after - before);
        return result;
      },
    };
    expect(await scheduleDue({ database: counted, now: NOW, random: () => 0.5, signal })).toBe(2);
    expect(largest).toBe(1);
  });

  test("leaves the rest to the next look when the worker ends", async () => {
    expect(await scheduleDue({ database, now: NOW, random: () => 0.5, signal: AbortSignal.abort() })).toBe(0);
    expect(await tick()).toBe(1);
  });

  test("leaves alone what is not due, is removed, or is manual only", async () => {
    await set({ nextRunAt: BigInt(NOW + 1) });
    expect(await tick()).toBe(0);
    await set({ nextRunAt: BigInt(NOW), deletedAt: 1n });
    expect(await tick()).toBe(0);
    await set({ nextRunAt: null, deletedAt: null });
    expect(await tick()).toBe(0);
    expect(await runs()).toEqual([]);
  });
});
