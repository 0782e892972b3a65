import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { KeptDays } from "@/lib/core/env";
import { newId } from "@/lib/core/ids";
import { CLAIM_POLL_MS, HEARTBEAT_MS, INDEX_MERGE_MS, RUN_POLL_MS, SWEEP_MS } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import type { Destination } from "@/lib/destination/destination";
import { claimNextRun } from "./claim-run";
import { type DispatcherDeps, dispatch } from "./dispatcher";
import { beat, buryDeadWorkers, type LivingWorker, leave } from "./heartbeat";
import { removeDeleted } from "./remove-deleted";
import { removeDisconnected } from "./remove-disconnected";
import { type RunClaimedDeps, runClaimed } from "./run-claimed";
import { openRunPlaces, type RunPlaces } from "./run-places";
import { scheduleDue } from "./schedule-due";
import { sweepRecords } from "./sweep-records";

export type WorkerDeps = RunClaimedDeps & DispatcherDeps & { keep: KeptDays };

/**
 * Works until `signal` is aborted: claims runs, reads what runs have queued, keeps the schedule, removes what was
 * disconnected. Resolves when everything it had claimed has ended or was handed on.
 */
export async function work(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const reading = new Set<string>();
  const self: LivingWorker = { id: newId(), startedAt: deps.now(), reading };
  const runs: RunsUnderWay = { places: openRunPlaces(), underWay: new Set() };
  const toldOf = new Set<string>();
  // Every run and every duty listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, signal);
  deps.log.info({ workerId: self.id }, "the worker is ready");
  const duties = [
    every(HEARTBEAT_MS, signal, () => keepHouse(deps, self, toldOf)),
    // Apart from it: a long or unreadable schedule must not cost this worker its leases.
    every(HEARTBEAT_MS, signal, () => scheduleDue({ ...deps, now: deps.now(), signal })),
    every(SWEEP_MS, signal, () => sweepRecords({ ...deps, now: deps.now(), signal })),
    every(RUN_POLL_MS, signal, () => claimWhatFits(deps, self.id, runs, signal)),
    every(CLAIM_POLL_MS, signal, () => untilDone(removeDisconnected, deps, signal)),
    // Beside it: a run waits for documents that are deleted, and a connection that goes may have a million.
    every(CLAIM_POLL_MS, signal, () => untilDone(removeDeleted, deps, signal)),
    every(CLAIM_POLL_MS, signal, () => untilDone(tidy, deps, signal)),
    every(INDEX_MERGE_MS, signal, () => deps.destination.mergeIndex(deps.database.reading)),
  ];
  await Promise.all([...duties.map((duty) => duty(deps)), dispatch(deps, { id: self.id, reading }, signal)]);
  await Promise.all(runs.underWay);
  deps.sources.close();
  await deps.database.transaction((tx) => leave(tx, self.id));
}

/** Repeats a duty until the signal. What it throws is logged and tried again: a full disk may be emptied. */
function every(periodMs: number, signal: AbortSignal, duty: () => Promise<unknown>) {
  return async ({ log }: WorkerDeps): Promise<void> => {
    while (!signal.aborted) {
      await duty().catch((thrown) =>
        log.error({ err: thrown }, "a duty of the worker broke and is tried again"),
      );
      await pause(periodMs, undefined, { signal }).catch(() => undefined);
    }
  };
}

/** `toldOf` are the workers whose clock a word was said about. */
async function keepHouse(deps: WorkerDeps, self: LivingWorker, toldOf: Set<string>): Promise<void> {
  const others = await deps.database.transaction(async (tx) => {
    const now = deps.now();
    await beat(tx, self, now);
    return buryDeadWorkers(tx, self.id, now);
  });
  deps.sources.shareRates(others.count + 1);
  for (const { id, host, aheadMs } of others.ahead) {
    if (!toldOf.has(id))
      deps.log.warn({ host, aheadMs }, "another worker's clock is ahead of this one's; set both by NTP");
    toldOf.add(id);
  }
}

type RunsUnderWay = { places: RunPlaces; underWay: Set<Promise<void>> };

async function claimWhatFits(
  deps: WorkerDeps,
  workerId: string,
  { places, underWay }: RunsUnderWay,
  signal: AbortSignal,
): Promise<void> {
  while (places.isFree() && !signal.aborted) {
    const claimed = await claimNextRun({ database: deps.database, workerId, now: deps.now() });
    if (!claimed) return;
    const place = places.take();
    const running: Promise<void> = runClaimed(claimed, deps, signal, place)
      .catch((thrown) => deps.log.error({ err: thrown }, "a run could not be ended; its lease hands it on"))
      .finally(() => {
        place.leave();
        underWay.delete(running);
      });
    underWay.add(running);
  }
}

/** Does the pieces of what a duty finds to do, each a few short transactions, until there are no more. */
async function untilDone(
  doNext: (database: Database, destination: Destination) => Promise<boolean>,
  deps: WorkerDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && (await doNext(deps.database, deps.destination)));
}

function tidy({ reading, transaction }: Database, destination: Destination): Promise<boolean> {
  return destination.tidy(reading, transaction);
}
