import { MADE_DUE_OBJECTS_MAX } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { closeRun, type RunEnding } from "@/lib/db/sql/claims";
import { giveBackFailures, type QueuePlace } from "@/lib/db/sql/failures";
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
 * Ends the run. The numbers of a completed run are those of before its end, since nobody reads for it any more; for
 * one that was cut they are counted again behind it, when no reader can add to them. What that one was to try again is
 * failed as before. False when another worker has the run, or it has ended already.
 */
export async function closeClaimed(
  claimed: ClaimedRun,
  deps: CloseDeps,
  ending: RunEnding,
): Promise<boolean> {
  const { runId } = claimed.lease;
  const count = () => deps.database.reading((tx) => readRunTally(tx, runId));
  const tally = await count();
  const isClosed = await deps.database.transaction((tx) => closeInOne(tx, claimed, deps, { ending, tally }));
  if (!isClosed || ending.status === "completed") return isClosed;
  await giveBackRest(claimed, deps);
  const last = JSON.stringify(await count());
  const where = { id: runId };
  await deps.database.transaction(({ prisma }) =>
    prisma.syncRun.updateMany({ where, data: { tally: last } }),
  );
  return true;
}

const FIRST: QueuePlace = { batch: -1, key: "" };

/** In pieces, since a run may have queued a million objects. The first of them went with the run's end. */
async function giveBackRest({ lease }: ClaimedRun, { database }: CloseDeps): Promise<void> {
  for (let next: QueuePlace | null = FIRST; next !== null; ) {
    const after: QueuePlace = next;
    next = await database.transaction((tx) =>
      giveBackFailures(tx, lease, { after, countMax: MADE_DUE_OBJECTS_MAX }),
    );
  }
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
  await dropBatches(tx, runId);
  if (ending.status !== "completed")
    await giveBackFailures(tx, claimed.lease, { after: FIRST, countMax: MADE_DUE_OBJECTS_MAX });
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
