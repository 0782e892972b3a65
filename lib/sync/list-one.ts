import type { ListedObject, ObjectSource } from "@/lib/source/source";

/** The object as it is listed now; null when it is not there. A key is the first of all keys that start with it. */
export async function listOne(
  key: string,
  deps: { source: ObjectSource; signal: AbortSignal },
): Promise<ListedObject | null> {
  const page = await deps.source.listPage({
    prefix: key,
    startAfter: null,
    token: null,
    signal: deps.signal,
  });
  return page.objects.find((object) => object.key === key) ?? null;
}
