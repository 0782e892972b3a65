import pLimit from "p-limit";
import { compareKeys } from "@/lib/core/bytes-order";
import { PROOF_CONCURRENCY } from "@/lib/core/limits";
import type { ListedObject, ListPage, ObjectSource } from "@/lib/source/source";
import { listOne } from "./list-one";
import type { ListingOrder } from "./manifest";

export type ProofDeps = {
  source: ObjectSource;
  prefix: string;
  listingOrder: ListingOrder;
  signal: AbortSignal;
};

/**
 * The objects that stand at these keys now, which are in key order. One page proves every key that lies within it, so
 * a thousand that lie close together are one request. Where they lie far apart, the next few are each listed alone,
 * and so is every key of a store whose pages prove nothing by themselves.
 */
export async function listPresent(keys: readonly string[], deps: ProofDeps): Promise<ListedObject[]> {
  if (deps.listingOrder !== "sorted") return listEach(keys, deps);
  const { source, prefix, signal } = deps;
  const present: ListedObject[] = [];
  let rest = keys;
  for (let first = rest[0]; first !== undefined; first = rest[0]) {
    const startAfter = shortened(first);
    const page = await source.listPage({ prefix, startAfter, token: null, signal });
    if (!isInOrder(page, startAfter)) {
      return [...present, ...(await listEach(rest, { ...deps, listingOrder: "unsorted" }))];
    }
    const count = countWithin(rest, page);
    const proved = new Set(rest.slice(0, count));
    present.push(...page.objects.filter(({ key }) => proved.has(key)));
    const alone = count > 1 ? [] : rest.slice(count, PROOF_CONCURRENCY);
    present.push(...(await listEach(alone, deps)));
    rest = rest.slice(count + alone.length);
  }
  return present;
}

async function listEach(keys: readonly string[], deps: ProofDeps): Promise<ListedObject[]> {
  const limit = pLimit(PROOF_CONCURRENCY);
  const answers = await Promise.all(keys.map((key) => limit(() => listOne(key, deps))));
  return answers.filter((object) => object !== null);
}

/** A key right before this one, as near as one can be named; null where there is none. */
function shortened(key: string): string | null {
  const before = [...key].slice(0, -1).join("");
  return before === "" ? null : before;
}

function isInOrder({ objects }: ListPage, startAfter: string | null): boolean {
  let previous = startAfter ?? "";
  for (const { key } of objects) {
    if (compareKeys(key, previous) <= 0) return false;
    previous = key;
  }
  return true;
}

/** How many of the keys the page reaches: all of them when it is the last one. */
function countWithin(keys: readonly string[], page: ListPage): number {
  if (page.nextToken === null) return keys.length;
  const last = page.objects.at(-1);
  if (last === undefined) return 0;
  const behind = keys.findIndex((key) => compareKeys(key, last.key) > 0);
  return behind === -1 ? keys.length : behind;
}
