import type { Clock } from "@/lib/core/clock";
import { asSluiceError } from "@/lib/core/errors";
import { LEASE_MS } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { Database } from "@/lib/db/database";
import { type RunEnding, renewLease } from "@/lib/db/sql/claims";
import { addCost } from "@/lib/db/sql/run-progress";
import type { Destination } from "@/lib/destination/destination";
import type { RunStore } from "@/lib/sync/run-store";
import { runSync, type SyncDeps } from "@/lib/sync/run-sync";
import type { BatchQueue } from "./batch-queue";
import type { ClaimedRun } from "./claim-run";
import { closeClaimed } from "./close-claimed";
import { writeCost } from "./metered-source";
import type { OpenedSource, OpenSources } from "./open-sources";
import { sentenceOf } from "./read-claimed";
import { findReasonToEnd, reportProgress } from "./report-progress";
import { CANCELED, HANDED_ON } from "./run-endings";
import { openRunPlaces, type RunPlace } from "./run-places";
import { openRunStore } from "./run-store";

export type RunClaimedDeps = {
  database: Database;
  destination: Destination;
  sources: OpenSources;
  queue: BatchQueue;
  canReadNow: SyncDeps["canReadNow"];
  log: Logger;
  /** Whether this process has time for more than it does. */
  hasTime: () => boolean;
  now: Clock;
  random: () => number;
};

/**
 * Works on a claimed run until it ends, and writes its end. What goes wrong with the run is in its row; rejects
 * only when that cannot be written.
 *
 * When `signal` is aborted the lease is given up at once and the run stays `running`, for whoever claims it next.
 * Without a place among other runs it is alone.
 */
export async function runClaimed(
  claimed: ClaimedRun,
  deps: RunClaimedDeps,
  signal: AbortSignal,
  place: RunPlace = openRunPlaces().take(),
): Promise<void> {
  const { runId, connectionId, leaseToken } = claimed.lease;
  const log = deps.log.child({ runId, connectionId });
  const ending = await workUntilEnd(claimed, { ...deps, log, place }, signal);
  if (ending === null) {
    const over = { runId, leaseToken, leaseUntil: deps.now() - 1 };
    await deps.database.transaction((tx) => renewLease(tx, over));
    return;
  }
  const isClosed = await closeClaimed(claimed, deps, ending);
  if (isClosed) log.info({ status: ending.status, errorCode: ending.errorCode }, "a sync run has ended");
}

type PlacedDeps = RunClaimedDeps & { place: RunPlace };

/** How the run ended; null when it did not, and goes on elsewhere. */
async function workUntilEnd(
  claimed: ClaimedRun,
  deps: PlacedDeps,
  signal: AbortSignal,
): Promise<RunEnding | null> {
  if (!claimed.isCurrent)
    return canceled("superseded", "The connection was changed while the run waited.", deps);
  const ending = new AbortController();
  let opened: OpenedSource | null = null;
  // Not a signal that depends on the worker's: that one would remember each of its runs for as long as it lives.
  const stop = () => ending.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const progress = reportProgress(claimed, deps, {
    opened: () => opened,
    onEnd: (reason) => ending.abort(reason),
  });
  try {
    signal.throwIfAborted();
    const reason = await findReasonToEnd(deps.database, claimed.lease.runId);
    if (reason !== null) throw reason;
    opened = deps.sources.acquire(claimed.connection, claimed.lease.runId);
    await sync(claimed, deps, opened, ending.signal);
    return endingOf("completed", null, null, deps);
  } catch (thrown) {
    if (signal.aborted) return null;
    return endedBy(ending.signal.aborted ? ending.signal.reason : thrown, deps, deps.log);
  } finally {
    signal.removeEventListener("abort", stop);
    await progress.stop();
    if (opened !== null) await leave(claimed, deps, opened);
  }
}

async function sync(
  claimed: ClaimedRun,
  deps: PlacedDeps,
  opened: OpenedSource,
  signal: AbortSignal,
): Promise<void> {
  const { lease, kind, planRunId, connection } = claimed;
  const { settings, listingOrder, listingCuts } = connection;
  const unplaced = openRunStore({ ...deps, lease, kind, settings, planRunId, signal });
  const store: RunStore = {
    ...unplaced,
    untilRead: (reading) => {
      deps.place.giveUp();
      return unplaced.untilRead(reading);
    },
  };
  const source = deps.place.source(opened.source);
  await runSync(
    {
      source,
      stages: opened.stages,
      store,
      bearsMore: () => opened.bearsMore() && deps.hasTime(),
      canReadNow: deps.canReadNow,
      now: deps.now,
    },
    { kind, settings, listingOrder, listingCuts, signal },
  );
}

/**
 * Writes down what is left to be said of the bucket: what it cost, and what its store turned out to be. When another
 * worker has the run, it is no longer this one's to say.
 */
async function leave(claimed: ClaimedRun, deps: RunClaimedDeps, opened: OpenedSource): Promise<void> {
  const { runId, connectionId, leaseToken } = claimed.lease;
  const findings = opened.source.findings();
  opened.release();
  await writeCost(opened, (cost) =>
    deps.database.transaction(async (tx) => {
      const isOurs = await renewLease(tx, { runId, leaseToken, leaseUntil: deps.now() + LEASE_MS });
      if (!isOurs) return false;
      await addCost(tx, runId, cost);
      // Only what was asked in vain is replaced: a person may have changed the connection meanwhile.
      const { revision, settings } = claimed.connection;
      const where = { id: connectionId, revision, region: settings.region };
      const data = {
        region: findings.region ?? undefined,
        isIfMatchHonoured: findings.isIfMatchHonoured ?? undefined,
      };
      const isAnything = Object.values(data).some((found) => found !== undefined);
      if (isAnything) await tx.prisma.connection.updateMany({ where, data });
      return true;
    }),
  );
}

/** Null when nothing is wrong with the run: another worker has it, or the database was away for a moment. */
function endedBy(thrown: unknown, deps: RunClaimedDeps, log: Logger): RunEnding | null {
  const error = asSluiceError(thrown);
  if (error === HANDED_ON) return null;
  if (error === CANCELED) return canceled("canceled", error.message, deps);
  if (error.code === "lease_lost") return canceled("superseded", error.message, deps);
  if (error.code === "internal") log.error({ err: error.cause ?? error }, "a sync run broke");
  if (error.code === "internal" && error.effect === "retry") return null;
  return endingOf("failed", error.code, sentenceOf(error), deps);
}

function canceled(errorCode: "canceled" | "superseded", error: string, deps: RunClaimedDeps): RunEnding {
  return endingOf("canceled", errorCode, error, deps);
}

function endingOf(
  status: RunEnding["status"],
  errorCode: string | null,
  error: string | null,
  deps: RunClaimedDeps,
): RunEnding {
  return { status, errorCode, error, completedAt: deps.now() };
}
