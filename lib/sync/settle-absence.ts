import pLimit from "p-limit";
import { ABSENCE_MARK_FRESH_MS, PROOF_CONCURRENCY, REMOVE_BATCH_DOCUMENTS } from "@/lib/core/limits";
import type { ObjectSource } from "@/lib/source/source";
import { judgeRemovals } from "./guard";
import type { AbsentObject, RunStore } from "./manifest";
import { listOne } from "./read-object";
import type { Scope } from "./scope";

export type AbsenceDeps = {
  source: ObjectSource;
  store: RunStore;
  scope: Scope;
  now: () => number;
  signal: AbortSignal;
};

/**
 * Settles what the complete listing did not contain: keep, remove or hold. Only to be called after a listing of the
 * present scope has come to its end.
 *
 *   policy   a person applied it   guard    then
 *   keep     -                     -        the documents stay and are not asked about again
 *   remove   yes                   -        proved again key by key, then removed
 *   remove   no                    remove   old marks are proved again, then removed
 *   remove   no                    hold     on hold; the keys replace those of an earlier run
 */
export async function settleAbsence(
  deps: AbsenceDeps,
  args: { listed: number; deletionPolicy: "remove" | "keep" },
): Promise<void> {
  const { store } = deps;
  if (args.deletionPolicy === "keep") await store.keepAbsent();
  const found = await store.countAbsence();
  if (found.approved > 0) await removeProved(deps, { isApprovedOnly: true });

  const rest = found.approved > 0 ? await store.countAbsence() : found;
  const verdict = judgeRemovals({ listed: args.listed, stored: rest.stored, absent: rest.absent });
  if (verdict.outcome === "hold") await store.holdAbsent(verdict.reason);
  else {
    await store.releaseHold();
    await removeProved(deps, { isApprovedOnly: false });
  }
  await store.forgetAbsent();
}

async function removeProved(deps: AbsenceDeps, args: { isApprovedOnly: boolean }): Promise<void> {
  let afterKey = "";
  while (true) {
    deps.signal.throwIfAborted();
    const batch = await deps.store.nextAbsent({ afterKey, countMax: REMOVE_BATCH_DOCUMENTS, ...args });
    const last = batch.at(-1);
    if (!last) return;
    const gone = await proveAbsent(deps, batch, args.isApprovedOnly);
    const back = batch.filter(({ key }) => !gone.has(key)).map(({ key }) => key);
    if (gone.size > 0) await deps.store.removeAbsent([...gone]);
    if (back.length > 0) await deps.store.unmarkAbsent(back);
    afterKey = last.key;
  }
}

/** The keys of the batch that are gone for certain. Fresh marks are proof enough, unless a person had to decide. */
async function proveAbsent(
  deps: AbsenceDeps,
  batch: AbsentObject[],
  isEachProved: boolean,
): Promise<Set<string>> {
  const limit = pLimit(PROOF_CONCURRENCY);
  const answers = await Promise.all(
    batch.map((absent) =>
      limit(async () => {
        const isFresh = deps.now() - absent.missingSince < ABSENCE_MARK_FRESH_MS;
        const needsNoProof = isOutOfScope(absent.key, deps.scope) || (isFresh && !isEachProved);
        const isGone = needsNoProof || (await listOne(absent.key, deps)) === null;
        return isGone ? absent.key : null;
      }),
    ),
  );
  return new Set(answers.filter((key) => key !== null));
}

/** No listing of the scope could contain it, whatever the bucket holds. */
function isOutOfScope(key: string, scope: Scope): boolean {
  return !key.startsWith(scope.prefix) || scope.tagsFor(key).outcome === "no_tag";
}
