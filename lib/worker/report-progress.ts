import { ERROR_CODES, SluiceError } from "@/lib/core/errors";
import { LEASE_MS, PROGRESS_MS, PROGRESS_PAUSE_MS_MAX, PROGRESS_SHARE } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { watchRun } from "@/lib/db/sql/read-batches";
import { addCost, type RunCost, saveProgress } from "@/lib/db/sql/run-progress";
import type { ClaimedRun } from "./claim-run";
import { writeCost } from "./metered-source";
import type { OpenedSource } from "./open-sources";
import type { RunClaimedDeps } from "./run-claimed";
import { CANCELED, HANDED_ON, SUPERSEDED } from "./run-endings";
import { readRunTally } from "./run-tally";

export type Progress = { stop(): Promise<void> };

/**
 * Twice a second it writes the run's tally and cost and renews its lease, and looks whether the run has to end: a person
 * has canceled it, a reader has met what ends it, or the lease is somebody else's. Looking does not wait for the tally,
 * which may be long in counting.
 */
export function reportProgress(
  claimed: ClaimedRun,
  deps: RunClaimedDeps,
  args: { opened: () => OpenedSource | null; onEnd: (reason: SluiceError) => void },
): Progress {
  const { runId, leaseToken } = claimed.lease;
  const countNow = tallyCounter(claimed, deps);
  let isOver = false;

  const watch = oneAtATime(deps, async () => {
    const reason = await findReasonToEnd(deps.database, runId);
    if (reason !== null && !isOver) args.onEnd(reason);
  });
  const report = oneAtATime(deps, async () => {
    const tally = await countNow();
    const write = (cost: RunCost | null) =>
      deps.database.transaction(async (tx) => {
        const leaseUntil = deps.now() + LEASE_MS;
        const isOurs = await saveProgress(tx, { runId, leaseToken, leaseUntil, tally });
        if (isOurs && cost !== null) await addCost(tx, runId, cost);
        return isOurs;
      });
    const opened = args.opened();
    const isOurs = await (opened === null ? write(null) : writeCost(opened, write));
    if (!isOurs && !isOver) args.onEnd(HANDED_ON);
  });
  const timer = setInterval(() => {
    watch.start();
    report.start();
  }, PROGRESS_MS);
  return {
    stop: async () => {
      isOver = true;
      clearInterval(timer);
      await Promise.all([watch.ended(), report.ended()]);
    },
  };
}

/** With a slow database one is under way at a time, and the next says what those between would have said. */
function oneAtATime(deps: Pick<RunClaimedDeps, "log">, work: () => Promise<void>) {
  let underWay: Promise<void> | null = null;
  return {
    start: () => {
      underWay ??= work()
        .catch((thrown) => deps.log.warn({ err: thrown }, "progress was not written"))
        .finally(() => {
          underWay = null;
        });
    },
    ended: async () => underWay,
  };
}

/** A run may have a million change rows: the longer counting takes, the less often it is done. Null: not now. */
function tallyCounter(claimed: ClaimedRun, deps: RunClaimedDeps): () => Promise<string | null> {
  let notBefore = 0;
  return async () => {
    const startedAt = performance.now();
    if (startedAt < notBefore) return null;
    const tally = await deps.database.reading((tx) => readRunTally(tx, claimed.lease.runId));
    const tookMs = performance.now() - startedAt;
    notBefore = performance.now() + pauseAfterCount(tookMs);
    return JSON.stringify(tally);
  };
}

/** How many milliseconds no tally is counted after one that took so long. */
export function pauseAfterCount(tookMs: number): number {
  return Math.min(tookMs / PROGRESS_SHARE, PROGRESS_PAUSE_MS_MAX);
}

/**
 * Why the run is to end; null: it goes on. A run whose worker died while it ended it has its reason before anything is
 * done for it.
 */
export async function findReasonToEnd(database: Database, runId: string): Promise<SluiceError | null> {
  const watch = await database.reading((tx) => watchRun(tx, runId));
  if (watch.isSuperseded) return SUPERSEDED;
  if (watch.isCancelAsked) return CANCELED;
  const { stop } = watch;
  if (stop === null) return null;
  const code = ERROR_CODES.find((known) => known === stop.code) ?? "internal";
  return new SluiceError({ code, effect: "stop", message: stop.message });
}
