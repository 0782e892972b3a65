import { READ_BATCH_OBJECTS_MAX } from "@/lib/core/limits";
import type { CountPlaces } from "./admit";
import type { RunStore } from "./run-store";
import { joinTags, type Scope } from "./scope";

export type ParkedArgs = {
  scope: Scope;
  /** Parked keys beyond it are left; null: all of them may have places. */
  untilKey: string | null;
  countPlaces: CountPlaces;
  signal: AbortSignal;
};

/** Gives free places to parked keys, in key order. Resolves with how many were queued. */
export async function admitParked(
  store: Pick<RunStore, "nextParked" | "admitParked">,
  { scope, untilKey, countPlaces, signal }: ParkedArgs,
): Promise<number> {
  let afterKey = "";
  if ((await store.nextParked({ afterKey, untilKey, countMax: 1 })).length === 0) return 0;
  const places = await countPlaces();
  let admitted = 0;
  while (places.free > 0) {
    signal.throwIfAborted();
    const countMax = Math.min(places.free, READ_BATCH_OBJECTS_MAX);
    const parked = await store.nextParked({ afterKey, untilKey, countMax });
    const last = parked.at(-1);
    if (last === undefined) break;
    afterKey = last.key;
    await store.admitParked(parked.map(({ key }) => ({ key, tags: tagsOf(scope, key) })));
    places.free -= parked.length;
    admitted += parked.length;
  }
  return admitted;
}

/** Keys without legal tags are never parked. */
function tagsOf(scope: Scope, key: string): string {
  const decision = scope.tagsFor(key);
  return decision.outcome === "tags" ? joinTags(decision.tags) : "";
}
