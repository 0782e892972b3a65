import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { loadViews } from "./internal";
import type { ConnectionView } from "./schema";

/** Throws `not_found` when there is none, or when it was disconnected. */
export async function getConnection(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string };
}): Promise<ConnectionView> {
  demandFullAccess(args.actor, "Connections");
  const [view] = await loadViews(args.tx, [args.input.id]);
  if (!view) throw notFound("Connection");
  return view;
}
