import { afterEach, beforeEach, expect, test } from "vitest";
import { oweReread } from "@/lib/connections/owe-reread";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { type ClaimedRun, claimNextRun } from "./claim-run";
import { closeClaimed } from "./close-claimed";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

const SCHEDULED_AT = 1_790_000_500_000n;

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
});
afterEach(() => bench.remove());

/** A run that reads everything again, and has done so. */
async function beginReread(): Promise<ClaimedRun> {
  const { database, connectionId, clock } = bench;
  const input = { connectionId, kind: "reread", trigger: "manual", requestedBy: "test" } as const;
  await database.transaction(async (tx) => {
    await oweReread(tx, connectionId);
    await tx.prisma.connection.updateMany({ data: { nextRunAt: SCHEDULED_AT } });
    await enqueueRun({ tx, input, now: clock.now });
  });
  const claimed = await claimNextRun({ database, workerId: "bench", now: clock.now });
  if (claimed === null) throw new Error("There was no run to claim.");
  return claimed;
}

async function complete(claimed: ClaimedRun): Promise<void> {
  const { database, clock } = bench;
  const ending = { status: "completed", errorCode: null, error: null, completedAt: clock.now } as const;
  const deps = { database, now: () => clock.now, random: () => 0.5 };
  expect(await closeClaimed(claimed, deps, ending)).toBe(true);
}

const readConnection = () => bench.database.reading(({ prisma }) => prisma.connection.findFirstOrThrow());

test("everything is owed no longer when it was read again, and the schedule goes on", async () => {
  await complete(await beginReread());
  const { isRereadOwed, nextRunAt } = await readConnection();
  expect(isRereadOwed).toBe(false);
  expect(nextRunAt).not.toBe(SCHEDULED_AT);
});

test("a run that ends when the connection has another bucket leaves what is owed and scheduled for that one", async () => {
  const claimed = await beginReread();
  await bench.database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { revision: { increment: 1 } } }),
  );
  await complete(claimed);
  expect(await readConnection()).toMatchObject({ isRereadOwed: true, nextRunAt: SCHEDULED_AT });
});
