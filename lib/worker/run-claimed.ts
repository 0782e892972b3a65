import type { Clock } from "@/lib/core/clock";
import { asSluiceError, SluiceError } from "@/lib/core/errors";
import { LEASE_MS, PROGRESS_MS } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { Database, Tx } from "@/lib/db/database";
import { closeRun, type RunEnding, renewLease, saveProgress } from "@/lib/db/sql/claims";
import type { Destination } from "@/lib/destination/destination";
import type { Extractor } from "@/lib/extract/extract";
import { nextRunAt, scheduleOf } from "@/lib/rules/schedule";
import type { Tally } from "@/lib/rules/tally";
import type { ObjectSource } from "@/lib/source/source";
import { runSync } from "@/lib/sync/run-sync";
import type { ClaimedRun } from "./claim-run";
import { meteredSource } from "./metered-source";
import { openRunStore } from "./run-store";
import { readRunTally } from "./run-tally";

export type RunClaimedDeps = {
  database: Database;
  destination: Destination;
  extractor: Extractor;
  /** Opens the claimed connection's bucket; throws SluiceError when its settings cannot be used. */
  openSource: (claimed: ClaimedRun) => ObjectSource;
  log: Logger;
  now: Clock;
  random: () => number;
};

/** Aborts the work but leaves the run as it is: another worker goes on at its cursors. */
export const HANDED_ON = new SluiceError({
  code: "lease_lost",
  effect: "stop",
  message: "The worker is stopping.",
});

/**
 * Works on a claimed run until it ends, and writes its end. What goes wrong with the run is in its row; rejects
 * only when that cannot be written.
 *
 * When `signal` is aborted the lease is given up at once and the run stays `running`, for whoever claims it next.
 */
export async function runClaimed(
  claimed: ClaimedRun,
  deps: RunClaimedDeps,
  signal: AbortSignal,
): Promise<void> {
  const { runId, connectionId } = claimed.lease;
  const log = deps.log.child({ runId, connectionId });
  const ending = await workUntilEnd(claimed, deps, signal, log);
  if (ending === null) {
    await giveUpLease(claimed, deps);
    return;
  }
  const isClosed = await deps.database.transaction((tx) => closeClaimed(tx, claimed, deps, ending));
  if (isClosed) log.info({ status: ending.status, errorCode: ending.errorCode }, "a sync run has ended");
}

/** How the run ended; null when it did not, and goes on elsewhere. */
async function workUntilEnd(
  claimed: ClaimedRun,
  deps: RunClaimedDeps,
  signal: AbortSignal,
  log: Logger,
): Promise<RunEnding | null> {
  const completedAt = () => deps.now();
  if (!claimed.isCurrent) {
    const error = "The connection was changed while the run waited.";
    return { status: "canceled", errorCode: "superseded", error, completedAt: completedAt() };
  }
  const losing = new AbortController();
  const stopReporting = reportProgress(claimed, deps, () => losing.abort(HANDED_ON));
  try {
    await sync(claimed, deps, AbortSignal.any([signal, losing.signal]));
    return { status: "completed", errorCode: null, error: null, completedAt: completedAt() };
  } catch (thrown) {
    if (signal.aborted || losing.signal.aborted) return null;
    const error = asSluiceError(thrown);
    if (error.code === "lease_lost")
      return {
        status: "canceled",
        errorCode: "superseded",
        error: error.message,
        completedAt: completedAt(),
      };
    if (error.code === "internal") log.error({ err: error.cause ?? error }, "a sync run broke");
    const sentence = error.details === undefined ? error.message : `${error.message}: ${error.details}`;
    return { status: "failed", errorCode: error.code, error: sentence, completedAt: completedAt() };
  } finally {
    await stopReporting();
  }
}

async function sync(claimed: ClaimedRun, deps: RunClaimedDeps, signal: AbortSignal): Promise<void> {
  const opened = deps.openSource(claimed);
  try {
    const store = openRunStore({ ...deps, lease: claimed.lease, settings: claimed.settings });
    const source = meteredSource(opened, claimed.meter);
    await runSync(
      { ...deps, source, store },
      { settings: claimed.settings, isUnsorted: claimed.isUnsorted, signal },
    );
  } finally {
    opened.close();
  }
}

/** Writes the tally and renews the lease, twice a second; `onLost` is called when the lease is somebody else's. */
function reportProgress(claimed: ClaimedRun, deps: RunClaimedDeps, onLost: () => void): () => Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let isOver = false;
  const report = async () => {
    // Counted before the lock is taken: a run may have a million change rows.
    const tally = await deps.database.reading((tx) => readRunTally(tx, claimed.lease.runId));
    const isOurs = await deps.database.transaction((tx) => writeProgress(tx, claimed, tally, deps.now()));
    if (!isOurs && !isOver) onLost();
  };
  const timer = setInterval(() => {
    writing = writing
      .then(report)
      .catch((thrown) => deps.log.warn({ err: thrown }, "progress was not written"));
  }, PROGRESS_MS);
  return async () => {
    isOver = true;
    clearInterval(timer);
    await writing;
  };
}

async function writeProgress(tx: Tx, claimed: ClaimedRun, tally: Tally, now: number): Promise<boolean> {
  const { runId, leaseToken } = claimed.lease;
  const progress = { tally: JSON.stringify(tally), ...claimed.meter };
  return saveProgress(tx, { runId, leaseToken, leaseUntil: now + LEASE_MS, progress });
}

/** The end of the run, its last numbers and the connection's next run, in one transaction. */
async function closeClaimed(
  tx: Tx,
  claimed: ClaimedRun,
  deps: RunClaimedDeps,
  ending: RunEnding,
): Promise<boolean> {
  const { runId, leaseToken, connectionId } = claimed.lease;
  await writeProgress(tx, claimed, await readRunTally(tx, runId), deps.now());
  if (!(await closeRun(tx, { runId, leaseToken, ending }))) return false;
  if (ending.status === "canceled") return true;
  const connection = await tx.prisma.connection.findUniqueOrThrow({ where: { id: connectionId } });
  const next = nextRunAt(scheduleOf(connection), deps.now(), deps.random());
  await tx.prisma.connection.update({
    where: { id: connectionId },
    data: {
      nextRunAt: next === null ? null : BigInt(next),
      failureStreak: ending.status === "failed" ? { increment: 1 } : 0,
    },
  });
  return true;
}

async function giveUpLease(claimed: ClaimedRun, deps: RunClaimedDeps): Promise<void> {
  const { runId, leaseToken } = claimed.lease;
  await deps.database.transaction((tx) => renewLease(tx, { runId, leaseToken, leaseUntil: deps.now() - 1 }));
}
