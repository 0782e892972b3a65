import { z } from "zod";
import { KEY_BYTES_MAX, KEYS_LISTED_DEFAULT, KEYS_LISTED_MAX, KEYS_NAMED_MAX } from "@/lib/core/limits";
import { CHANGE_KINDS, type RunView } from "@/lib/sync-runs/schema";
import type { GrantedWish } from "@/lib/use-cases/request-run";
import { runToWire } from "./sync-run";

const key = z.string().min(1).max(KEY_BYTES_MAX);

/** The body of `POST /v3/connections/{id}/sync-runs`; without one a sync is asked for. */
export const requestRunBody = z.discriminatedUnion(
  "kind",
  [
    z.object({ kind: z.enum(["sync", "reread"]).default("sync") }),
    z.object({ kind: z.literal("plan") }),
    z.object({ kind: z.literal("apply"), planRunId: z.string().min(1).max(64) }),
    z.object({ kind: z.literal("retry"), keys: z.array(key).min(1).max(KEYS_NAMED_MAX).optional() }),
  ],
  { error: "must be sync, reread, plan, apply or retry" },
);

/** How a request was met: the run, and for a retry how many objects are tried and which keys are not failed. */
export function grantedToWire({ run: met, retried, unknownKeys }: GrantedWish, run: RunView | null) {
  return {
    outcome: met?.outcome ?? "nothing_to_do",
    run: run === null ? null : runToWire(run),
    ...(retried === undefined ? {} : { retried }),
    ...(unknownKeys === undefined ? {} : { unknownKeys }),
  };
}

const afterKey = z.string().max(KEY_BYTES_MAX).default("");

/** `?kind=&afterKey=` of a run's changes. */
export const changesQuery = z.object({ kind: z.enum(CHANGE_KINDS).nullable().default(null), afterKey });

/** `?afterKey=&limit=` of failures. */
export const failuresQuery = z.object({
  afterKey,
  limit: z.coerce.number().int().min(1).max(KEYS_LISTED_MAX).default(KEYS_LISTED_DEFAULT),
});

/** The query of a request's address, as a schema reads it. */
export function queryOf(request: Request): Record<string, string> {
  return Object.fromEntries(new URL(request.url).searchParams);
}
