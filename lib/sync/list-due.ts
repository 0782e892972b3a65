import pLimit from "p-limit";
import { PROOF_CONCURRENCY, READ_BATCH_OBJECTS_MAX } from "@/lib/core/limits";
import type { ObjectSource } from "@/lib/source/source";
import { admitWindow, type CountPlaces, placesFor } from "./admit";
import { listOne } from "./list-one";
import type { ListingRange } from "./manifest";
import { type PlanFacts, planWindow } from "./plan";
import type { RunStore } from "./run-store";
import type { StageClock } from "./stages";

export type DueDeps = {
  source: ObjectSource;
  store: RunStore;
  stages: StageClock;
  now: () => number;
  signal: AbortSignal;
};

export type DueArgs = { facts: Omit<PlanFacts, "now">; countPlaces: CountPlaces };

/**
 * Lists nothing but the failed objects that are due, each by its own key, and queues what is worth another try. An
 * object that is not there any more stays as it is: only a complete listing proves an absence.
 */
export async function listDue(deps: DueDeps, args: DueArgs): Promise<void> {
  const range = (await deps.store.openRanges([]))[0];
  if (!range || range.isClosed) return;
  let cursor = range.cursorKey ?? range.afterKey;
  while (true) {
    deps.signal.throwIfAborted();
    const keys = await deps.store.nextDueFailures(cursor, READ_BATCH_OBJECTS_MAX);
    const last = keys.at(-1);
    if (last === undefined) return closeRange(deps.store, range, cursor);
    await takeDue(deps, args, { keys, range, cursorKey: last });
    cursor = last;
  }
}

async function takeDue(
  deps: DueDeps,
  args: DueArgs,
  part: { keys: string[]; range: ListingRange; cursorKey: string },
): Promise<void> {
  const limit = pLimit(PROOF_CONCURRENCY);
  const answers = await deps.stages.time("list", () =>
    Promise.all(part.keys.map((key) => limit(() => listOne(key, deps)))),
  );
  const objects = answers.filter((object) => object !== null);
  const known = await deps.store.readRows(objects.map(({ key }) => key));
  const changes = planWindow(objects, known, { ...args.facts, now: deps.now() });
  const progress = { position: part.range.position, cursorKey: part.cursorKey, isClosed: false };
  const places = await placesFor(changes, true, args.countPlaces);
  await deps.stages.time("store", () => deps.store.recordWindow(admitWindow(changes, places, progress)));
}

async function closeRange(store: RunStore, range: ListingRange, cursorKey: string): Promise<void> {
  const progress = { position: range.position, cursorKey, isClosed: true };
  await store.recordWindow(admitWindow([], { free: 0 }, progress));
}
