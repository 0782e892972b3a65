import { setMaxListeners } from "node:events";
import { ABSENT_PIECE_KEYS, RETRY_KEYS_MAX } from "@/lib/core/limits";
import type { RunKind } from "@/lib/rules/run-status";
import type { ObjectSource } from "@/lib/source/source";
import { countPlacesOnce } from "./admit";
import { admitParked } from "./admit-parked";
import { openComparison } from "./compare-windows";
import { judgeRemovals } from "./guard";
import { listDue } from "./list-due";
import type { ListingOrder } from "./manifest";
import type { PlanFacts } from "./plan";
import type { RunStore } from "./run-store";
import { compileScope, type RunSettings, type Scope } from "./scope";
import { settleAbsence } from "./settle-absence";
import type { StageClock } from "./stages";
import { walkListing } from "./walk-listing";

/** Everything a run touches, handed in. The engine reaches for nothing by itself. */
export type SyncDeps = {
  source: ObjectSource;
  store: RunStore;
  stages: StageClock;
  /** Whether the store could be sent more requests than it is, and their answers taken. */
  bearsMore: () => boolean;
  canReadNow: PlanFacts["canReadNow"];
  now: () => number;
};

export type SyncArgs = {
  kind: RunKind;
  settings: RunSettings;
  /** What earlier runs found out about the store's listings. */
  listingOrder: ListingOrder;
  listingCuts: readonly string[];
  signal: AbortSignal;
};

/**
 * One sync run, top to bottom. Resolves when everything listed is accounted for; rejects with what ended it.
 *
 *   kind     lists                             then
 *   sync     everything                        removes what is absent, and waits for what is read
 *   reread   everything, whatever the ETags    the same
 *   retry    failed objects that are due       waits for what is read; removes nothing. Many of them make it a sync
 *   plan     everything                        writes down what a sync would do, and does nothing
 *   apply    everything                        does what stands in the plan, too, and nothing else
 *
 * Whatever it has done is in the database, so the same run may be started again after a crash and goes on at its
 * cursors. What it queues is read by others while the listing still goes on (`read-batch.ts`); nothing is removed
 * before the listing is complete.
 */
export async function runSync(deps: SyncDeps, args: SyncArgs): Promise<void> {
  const scope = compileScope(args.settings);
  const { documentLimit, deletionPolicy } = args.settings;
  const { store, stages } = deps;
  // Every page under way listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, args.signal);
  const facts = { scope, canReadNow: deps.canReadNow, isReread: args.kind === "reread" };
  const countFree = async () => {
    const taken = await store.countPlacesTaken();
    // A plan that goes on where another worker left it has given places away.
    const given = args.kind === "plan" ? (await store.countPlannedPlaces()).added : 0;
    return documentLimit - taken - given;
  };
  await store.keepDismissed();

  if (args.kind === "retry") {
    if (await areFewDue(store)) {
      await listDue({ ...deps, signal: args.signal }, { facts, countPlaces: countPlacesOnce(countFree) });
      await store.closePartialListing();
      return stages.time("wait", () => store.untilRead(args.signal));
    }
    // From here on it is a sync, also for a worker that goes on with it; what was asked for by itself is listed again.
    await store.restartListing();
    await store.becomeSync();
  }

  const mode = args.kind === "plan" || args.kind === "apply" ? args.kind : "sync";
  const compare = () => {
    const countPlaces = countPlacesOnce(countFree);
    return openComparison(deps, { facts, mode, countPlaces, parkedMax: documentLimit, signal: args.signal });
  };
  let comparison = compare();
  const restartListing = async () => {
    await store.restartListing();
    // What was found of places in the listing that is abandoned says nothing about the next one.
    comparison = compare();
  };
  const listingOrder = await walkListing(
    { ...deps, store: { ...store, restartListing }, signal: args.signal },
    // What a plan says is in key order, and so is what is done of it: by one walker, who has all the places.
    { prefix: scope.prefix, order: args.listingOrder, cuts: mode === "sync" ? args.listingCuts : null },
    (window) => comparison.take(window),
  );
  if (mode === "plan") return closePlan(store, args);

  const { listed } = await store.closeListing(scope.prefix);
  if (mode === "apply") await store.reportDrifted();
  await settleAbsence(
    { ...deps, scope, listingOrder, signal: args.signal },
    { listed, deletionPolicy, isApproved: mode === "apply" },
  );
  await readUntilFull(deps, scope, args);
}

/**
 * Where many failed objects are due, listing everything costs less than asking for each. Asked once for a run: what
 * it has queued is due no longer.
 */
async function areFewDue(store: RunStore): Promise<boolean> {
  return (await store.nextDueFailures("", RETRY_KEYS_MAX + 1)).length <= RETRY_KEYS_MAX;
}

/** Removals that do not wait for a person free places, as they do in a sync: they go to parked keys in key order. */
async function closePlan(store: RunStore, { settings, signal }: SyncArgs): Promise<void> {
  const found = await store.closePlan(settings.prefix);
  if (judgeRemovals(found).outcome === "hold") await store.holdPlanned();
  const taken = await store.countPlacesTaken();
  const { added, freed } = await store.countPlannedPlaces();
  let free = settings.documentLimit - taken - added + freed;
  while (free > 0) {
    signal.throwIfAborted();
    const asked = Math.min(free, ABSENT_PIECE_KEYS);
    const admitted = await store.admitPlanned(asked);
    if (admitted < asked) break;
    free -= admitted;
  }
  await store.dropPlannedParked();
}

/**
 * Waits for what is queued, and gives places that are free to parked keys, in key order, until none is left. What turns
 * out to hold no text gives its place back, so this is asked once more when all is read.
 */
async function readUntilFull(deps: SyncDeps, scope: Scope, args: SyncArgs): Promise<void> {
  for (let isAskedAgain = false; ; isAskedAgain = true) {
    const free = async () => args.settings.documentLimit - (await deps.store.countPlacesTaken());
    const parked = { scope, untilKey: null, countPlaces: countPlacesOnce(free), signal: args.signal };
    const admitted = await admitParked(deps.store, parked);
    await deps.stages.time("wait", () => deps.store.untilRead(args.signal));
    if (admitted === 0 && isAskedAgain) return;
  }
}
