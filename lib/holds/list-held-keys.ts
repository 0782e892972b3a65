import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { KEYS_LISTED_DEFAULT, KEYS_LISTED_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { findOpenHold } from "./internal";

/** A page of removals that wait, in key order. `nextAfterKey` asks for the following one; null on the last. */
export type HeldKeys = {
  /** Null when nothing waits. Pages of one list have the same run. */
  hold: { runId: string; keyCount: number; reason: string; createdAt: number } | null;
  keys: string[];
  nextAfterKey: string | null;
};

/** The keys whose documents would be removed. Throws `not_found`. */
export async function listHeldKeys(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string; afterKey?: string; limit?: number };
}): Promise<HeldKeys> {
  demandFullAccess(args.actor, "Removals on hold");
  const { connectionId, afterKey = "", limit = KEYS_LISTED_DEFAULT } = args.input;
  const hold = await findOpenHold(args.tx, connectionId);
  if (hold === null) return { hold: null, keys: [], nextAfterKey: null };
  const size = Math.min(limit, KEYS_LISTED_MAX);
  // One row more than the page tells whether there is another.
  const rows = await args.tx.prisma.holdKey.findMany({
    where: { holdId: hold.id, key: { gt: afterKey } },
    orderBy: { key: "asc" },
    take: size + 1,
  });
  const keys = rows.slice(0, size).map(({ key }) => key);
  const { runId, reason } = hold;
  return {
    hold: { runId, keyCount: hold._count.keys, reason, createdAt: Number(hold.createdAt) },
    keys,
    nextAfterKey: rows.length > size ? (keys.at(-1) ?? null) : null,
  };
}
