import { SluiceError } from "@/lib/core/errors";
import { LIST_EMPTY_PAGES_MAX } from "@/lib/core/limits";
import type { ListedObject, ListPage, ObjectSource } from "@/lib/source/source";
import type { ListingOrder } from "./manifest";

export type OneDeps = {
  source: ObjectSource;
  /** What is known of the store's listings; where nothing is said, its keys come in order. */
  listingOrder?: ListingOrder;
  signal: AbortSignal;
};

/**
 * The object as it is listed now; null when it is not there. Of all keys that start with it, a key is the first; where
 * the store keeps no order, all of them are gone through. A page without keys says nothing. Rejects when the listing
 * does not come to an end.
 */
export async function listOne(key: string, deps: OneDeps): Promise<ListedObject | null> {
  const { source, signal } = deps;
  let token: string | null = null;
  for (let pages = 0; pages <= LIST_EMPTY_PAGES_MAX; pages++) {
    const page: ListPage = await source.listPage({ prefix: key, startAfter: null, token, signal });
    const found = page.objects.find((object) => object.key === key);
    if (found !== undefined) return found;
    const isPassed = page.objects.length > 0 && deps.listingOrder !== "unsorted";
    if (isPassed || page.nextToken === null) return null;
    token = page.nextToken;
  }
  throw new SluiceError({
    code: "listing_disorder",
    effect: "stop",
    message:
      "The store does not come to an end with the keys that begin like one object's. Nothing was removed.",
  });
}
