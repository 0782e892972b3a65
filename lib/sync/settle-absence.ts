import { ABSENCE_MARK_FRESH_MS, REMOVE_BATCH_DOCUMENTS } from "@/lib/core/limits";
import type { ListedObject, ObjectSource } from "@/lib/source/source";
import { judgeRemovals } from "./guard";
import type { ListingOrder } from "./manifest";
import { listPresent } from "./prove-absent";
import type { AbsenceStore, AbsentObject } from "./run-store";
import type { Scope } from "./scope";
import type { StageClock } from "./stages";

export type AbsenceDeps = {
  source: ObjectSource;
  store: AbsenceStore;
  stages: StageClock;
  scope: Scope;
  /** What is known of the store's listings by now. */
  listingOrder: ListingOrder;
  now: () => number;
  signal: AbortSignal;
};

export type AbsenceArgs = {
  listed: number;
  deletionPolicy: "remove" | "keep";
  /** A person has approved every removal that is marked, by applying the plan that lists it. */
  isApproved: boolean;
};

/**
 * Settles what the complete listing did not contain: keep, remove or hold. Only to be called after a listing of the
 * present scope has come to its end.
 *
 *   policy   a person applied it   guard    then
 *   keep     -                     -        the documents stay and are not asked about again
 *   remove   yes                   -        every mark is proved again, then removed
 *   remove   no                    remove   old marks are proved again, then removed
 *   remove   no                    hold     on hold; the keys replace those of an earlier run
 */
export async function settleAbsence(deps: AbsenceDeps, args: AbsenceArgs): Promise<void> {
  const { store } = deps;
  if (args.deletionPolicy === "keep") await store.keepAbsent();
  if (args.isApproved) {
    // Nobody can dismiss what is about to go.
    await store.releaseHold();
    await removeProved(deps, { isApprovedOnly: false, isEachProved: true });
  }
  // The marks of what was on hold are gone where a plan is applied; the sync that a person has asked for removes it.
  const approved = args.isApproved ? null : await store.findApproved();
  if (approved !== null) {
    await removeProved(deps, { isApprovedOnly: true, isEachProved: true });
    await store.finishApproved(approved);
  }

  const verdict = judgeRemovals({ listed: args.listed, ...(await store.countAbsence()) });
  if (verdict.outcome === "hold") await store.holdAbsent(verdict.reason);
  else {
    await store.releaseHold();
    await removeProved(deps, { isApprovedOnly: false, isEachProved: false });
  }
  await store.forgetAbsent();
}

type Removal = { isApprovedOnly: boolean; isEachProved: boolean };

async function removeProved(deps: AbsenceDeps, removal: Removal): Promise<void> {
  let afterKey = "";
  while (true) {
    deps.signal.throwIfAborted();
    const { isApprovedOnly } = removal;
    const batch = await deps.store.nextAbsent({ afterKey, countMax: REMOVE_BATCH_DOCUMENTS, isApprovedOnly });
    const last = batch.at(-1);
    if (!last) return;
    const gone = await deps.stages.time("list", () => proveAbsent(deps, batch, removal.isEachProved));
    const back = batch.filter(({ key }) => !gone.has(key)).map(({ key }) => key);
    await deps.stages.time("store", async () => {
      if (gone.size > 0) await deps.store.removeAbsent([...gone]);
      if (back.length > 0) await deps.store.unmarkAbsent(back);
    });
    afterKey = last.key;
  }
}

/**
 * The keys of the batch that are gone for certain. Fresh marks are proof enough, unless a person had to decide or the
 * store lists out of order: its pages are all put aside before the first mark is made, however long that takes.
 */
async function proveAbsent(
  deps: AbsenceDeps,
  batch: AbsentObject[],
  isEachProved: boolean,
): Promise<Set<string>> {
  const { scope, listingOrder } = deps;
  const doubted = batch.filter(({ key, missingSince }) => {
    const isFresh = listingOrder !== "unsorted" && deps.now() - missingSince < ABSENCE_MARK_FRESH_MS;
    return mayBelong(key, scope) && (isEachProved || !isFresh);
  });
  const keys = doubted.map(({ key }) => key);
  const present = await listPresent(keys, { ...deps, prefix: scope.prefix });
  const back = new Set(present.filter((object) => belongs(object, scope)).map(({ key }) => key));
  return new Set(batch.map(({ key }) => key).filter((key) => !back.has(key)));
}

/** False for a key that no listing of the scope could contain, whatever the bucket holds. */
function mayBelong(key: string, scope: Scope): boolean {
  return key.startsWith(scope.prefix) && scope.tagsFor(key).outcome !== "no_tag";
}

function belongs(object: ListedObject, scope: Scope): boolean {
  return mayBelong(object.key, scope) && scope.isInScope(object);
}
