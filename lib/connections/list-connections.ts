import { type Actor, demandFullAccess } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { findConnectionIds } from "@/lib/db/sql/connection-facts";
import { loadViews } from "./internal";
import type { ConnectionView } from "./schema";

/** Connections, newest first, that have all of the given tags; no tags is no filter. */
export async function listConnections(args: {
  actor: Actor;
  tx: Tx;
  input: { containerTags?: readonly string[] };
}): Promise<ConnectionView[]> {
  demandFullAccess(args.actor, "Connections");
  return loadViews(args.tx, await findConnectionIds(args.tx, args.input.containerTags ?? []));
}
