import { infiniteQueryOptions } from "@tanstack/react-query";
import type { ObjectFilter, ObjectPage } from "@/lib/sync-runs/schema";
import { connectionKeys } from "./connection-queries";
import { fetchJson, withQuery } from "./fetch-json";

/** Answers that one look goes through before it says that it has found nothing so far. */
const ANSWERS_A_LOOK_MAX = 50;

export function objectsQuery(connectionId: string, filter: ObjectFilter) {
  const path = `/api/console/connections/${connectionId}/objects`;
  return infiniteQueryOptions({
    queryKey: [...connectionKeys.one(connectionId), "objects", filter],
    queryFn: ({ signal, pageParam }) =>
      lookFor(
        (afterKey) => fetchJson<ObjectPage>(withQuery(path, { ...filter, afterKey }), signal),
        pageParam,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextAfterKey,
  });
}

/** An answer looks at so many rows only, so it may be empty with more to come: then the next one is asked for. */
export async function lookFor(
  ask: (afterKey: string) => Promise<ObjectPage>,
  afterKey: string,
): Promise<ObjectPage> {
  let page = await ask(afterKey);
  for (let answers = 1; answers < ANSWERS_A_LOOK_MAX; answers += 1) {
    if (page.objects.length > 0 || page.nextAfterKey === null) return page;
    page = await ask(page.nextAfterKey);
  }
  return page;
}
