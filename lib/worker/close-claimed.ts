import { setImmediate as turn } from "node:timers/promises";
import { LEASE_MS, MADE_DUE_OBJECTS_MAX } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { closeRun, type RunEnding, renewLease } from "@/lib/db/sql/claims";
import { giveBackFailures, nextToGiveBack, QUEUE_START, type QueuePlace } from "@/lib/db/sql/failures";
import { dropBatches } from "@/lib/db/sql/read-batches";
import { closeFence } from "@/lib/db/sql/run-fence";
import { saveProgress } from "@/lib/db/sql/run-progress";
import { lockQueue } from "@/lib/db/sql/run-queue";
import { RUN_KINDS, type RunKind } from "@/lib/rules/run-status";
import { nextRunAt, scheduleOf } from "@/lib/rules/schedule";
import type { Tally } from "@/lib/rules/tally";
import type { ClaimedRun } from "./claim-run";
import { readRunTally } from "./run-tally";

type CloseDeps = { database: Database; now: () => number; random: () => number };

/** Whether a run of this kind stands for the scheduled one: it has looked at the whole bucket and acted on it. */
const MOVES_SCHEDULE: Record<RunKind, boolean> = {
  sync: true,
  reread: true,
  apply: true,
  retry: false,
  plan: false,
};

/**
 * Ends the run. One that is completed is counted and ended at once: nobody reads for it any more. One that is cut ends
 * in steps, and the end is the last of them:
 *
 *   1   nobody reads for it from here on, and why it fails is in its row
 *   2   what it was to try again is failed as before, some objects in each transaction, since it may be a million
 *   3   it is counted, now that no reader can add to it
 *   4   the end, with its numbers and the connection's next run
 *
 * Until then the run goes on as one that is to end, so that whoever claims it after this worker's end takes the same
 * steps. False when another worker has the run, or it has ended already.
 */
export async function closeClaimed(
  claimed: ClaimedRun,
  deps: CloseDeps,
  ending: RunEnding,
): Promise<boolean> {
  const { database } = deps;
  if (ending.status !== "completed") {
    const isOurs = await database.transaction((tx) => stopReading(tx, claimed, deps, ending));
    if (!isOurs || !(await giveBack(claimed, deps))) return false;
  }
  const tally = await database.reading((tx) => readRunTally(tx, claimed.lease.runId));
  return database.transaction((tx) => closeInOne(tx, claimed, deps, { ending, tally }));
}

/** What canceled or superseded a run its row and its connection say already. False when it is no longer ours. */
async function stopReading(
  tx: Tx,
  { lease }: ClaimedRun,
  { now }: CloseDeps,
  { status, errorCode, error }: RunEnding,
): Promise<boolean> {
  const { runId, connectionId, leaseToken } = lease;
  await closeFence(tx, connectionId);
  if (!(await renewLease(tx, { runId, leaseToken, leaseUntil: now() + LEASE_MS }))) return false;
  if (status === "failed")
    await tx.prisma.syncRun.update({
      where: { id: runId },
      data: { errorCode, error },
      select: { id: true },
    });
  await dropBatches(tx, runId);
  return true;
}

/**
 * What waits is looked through beside other writers, and does not change: nobody reads it. The lease is renewed with
 * every piece, also where nothing is given back, since nobody reports progress any more.
 */
async function giveBack({ lease }: ClaimedRun, { database, now }: CloseDeps): Promise<boolean> {
  const { runId, leaseToken } = lease;
  let after: QueuePlace | null = QUEUE_START;
  while (after !== null) {
    const place: QueuePlace = after;
    const { failedKeys, last } = await database.reading((tx) =>
      nextToGiveBack(tx, runId, { after: place, countMax: MADE_DUE_OBJECTS_MAX }),
    );
    const isOurs = await database.transaction(async (tx) => {
      if (!(await renewLease(tx, { runId, leaseToken, leaseUntil: now() + LEASE_MS }))) return false;
      if (failedKeys.length > 0) await giveBackFailures(tx, lease, failedKeys);
      return true;
    });
    if (!isOurs) return false;
    after = last;
    await turn();
  }
  return true;
}

/** The end of the run, its numbers and the connection's next run, in one transaction. */
async function closeInOne(
  tx: Tx,
  claimed: ClaimedRun,
  deps: CloseDeps,
  closing: { ending: RunEnding; tally: Tally },
): Promise<boolean> {
  const { runId, connectionId, leaseToken } = claimed.lease;
  const { ending } = closing;
  await closeFence(tx, connectionId);
  await lockQueue(tx, connectionId);
  const tally = JSON.stringify(closing.tally);
  const isOurs = await saveProgress(tx, { runId, leaseToken, leaseUntil: deps.now(), tally });
  if (!isOurs || !(await closeRun(tx, { runId, leaseToken, ending }))) return false;
  const kind = await presentKind(tx, claimed);
  if (ending.status !== "canceled" && MOVES_SCHEDULE[kind]) await moveSchedule(tx, claimed, deps, ending);
  return true;
}

/** A retry of many objects has become a sync on its way. */
async function presentKind({ prisma }: Tx, claimed: ClaimedRun): Promise<RunKind> {
  const where = { id: claimed.lease.runId };
  const { kind } = await prisma.syncRun.findUniqueOrThrow({ where, select: { kind: true } });
  return RUN_KINDS.find((known) => known === kind) ?? claimed.kind;
}

/** A connection that was changed meanwhile has a run of its own to come, and what it is owed this one has not done. */
async function moveSchedule(
  { prisma }: Tx,
  claimed: ClaimedRun,
  deps: CloseDeps,
  ending: RunEnding,
): Promise<void> {
  const where = { id: claimed.lease.connectionId };
  const connection = await prisma.connection.findUniqueOrThrow({ where });
  if (connection.revision !== claimed.connection.revision) return;
  const failureStreak = ending.status === "failed" ? connection.failureStreak + 1 : 0;
  const next = nextRunAt(scheduleOf(connection), deps.now(), deps.random(), failureStreak);
  const isReread = claimed.kind === "reread" && ending.status === "completed";
  await prisma.connection.update({
    where,
    data: {
      nextRunAt: next === null ? null : BigInt(next),
      failureStreak,
      ...(isReread ? { isRereadOwed: false } : {}),
    },
  });
}
