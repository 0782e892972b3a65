import { z } from "zod";
import { KEY_BYTES_MAX, KEYS_LISTED_DEFAULT, KEYS_LISTED_MAX } from "@/lib/core/limits";
import type { HeldKeys } from "@/lib/holds/list-held-keys";
import type { RunView } from "@/lib/sync-runs/schema";
import type { SettledHold } from "@/lib/use-cases/settle-hold";
import { isoTime, runToWire } from "./sync-run";

/** `?afterKey=&limit=` of the keys on hold. */
export const heldKeysQuery = z.object({
  afterKey: z.string().max(KEY_BYTES_MAX).default(""),
  limit: z.coerce.number().int().min(1).max(KEYS_LISTED_MAX).default(KEYS_LISTED_DEFAULT),
});

/** What waits, and a page of its keys; `hold` is null when nothing does. */
export function heldKeysToWire({ hold, ...page }: HeldKeys) {
  return { hold: hold === null ? null : { ...hold, createdAt: isoTime(hold.createdAt) }, ...page };
}

/** The body of `POST /v3/connections/{id}/hold`. */
export const settleHoldBody = z.object({
  decision: z.enum(["apply", "dismiss"], { error: "must be apply or dismiss" }),
  /** The run whose list was looked at. */
  runId: z.string().min(1).max(64).optional(),
});

/** How many documents were decided on, and the run that removes them; null where they are kept. */
export function settledHoldToWire({ keyCount }: SettledHold, run: RunView | null) {
  return { keyCount, run: run === null ? null : runToWire(run) };
}
