import { setTimeout as pause } from "node:timers/promises";
import type { KeptDays } from "@/lib/core/env";
import { newId } from "@/lib/core/ids";
import { CLAIM_POLL_MS, HEARTBEAT_MS, SWEEP_MS } from "@/lib/core/limits";
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
  deps.log.info({ workerId: self.id }, "the worker is ready");
  const duties = [
    every(HEARTBEAT_MS, signal, () => keepHouse(deps, self)),
    every(SWEEP_MS, signal, () => sweepWhatIsOld(deps, signal)),
    every(CLAIM_POLL_MS, signal, () => claimWhatFits(deps, self.id, runs, signal)),
    every(CLAIM_POLL_MS, signal, () => removeWhatIsGone(deps, signal)),
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

async function keepHouse(deps: WorkerDeps, self: LivingWorker): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const now = deps.now();
    await beat(tx, self, now);
    await buryDeadWorkers(tx, self.id, now);
  });
  // Apart from it: a schedule that cannot be read must not cost this worker its leases.
  await deps.database.transaction((tx) => scheduleDue(tx, deps.now(), deps.random));
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

async function removeWhatIsGone(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await removeDisconnected(deps.database, deps.destination)));
  while (!signal.aborted && (await removeDeleted(deps.database, deps.destination)));
}

async function sweepWhatIsOld(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  while (
    !signal.aborted &&
    (await deps.database.transaction((tx) => sweepRecords(tx, deps.now(), deps.keep)))
  );
}
