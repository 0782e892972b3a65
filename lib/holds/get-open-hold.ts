import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { conflict } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { findOpenHold } from "./internal";

/** Removals that wait for a person, as one run has listed them. The list does not change; a later run makes another. */
export type OpenHold = { id: string; runId: string; keyCount: number };

/** What waits of a connection. Throws `not_found`, and `conflict` when nothing does. */
export async function getOpenHold(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string };
}): Promise<OpenHold> {
  demandFullAccess(args.actor, "Removals on hold");
  const hold = await findOpenHold(args.tx, args.input.connectionId);
  if (hold === null) {
    throw conflict(
      "No removals of this connection wait: they were decided on already, or their objects are back.",
    );
  }
  return { id: hold.id, runId: hold.runId, keyCount: hold._count.keys };
}
