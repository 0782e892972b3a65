import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { runView } from "./internal";
import type { RunView } from "./schema";

/** Throws `not_found`, also for runs of a connection that was removed. */
export async function getSyncRun(args: { actor: Actor; tx: Tx; input: { id: string } }): Promise<RunView> {
  demandFullAccess(args.actor, "Sync runs");
  const row = await args.tx.prisma.syncRun.findFirst({
    where: { id: args.input.id, connection: { deletedAt: null } },
  });
  if (!row) throw notFound("Sync run");
  return runView(row);
}
