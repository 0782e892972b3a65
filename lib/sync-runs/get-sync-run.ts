import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { runView } from "./internal";
import type { RunView } from "./schema";

/** Throws `not_found`, also for runs of a connection that was removed or is another than the one that is named. */
export async function getSyncRun(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; connectionId?: string };
}): Promise<RunView> {
  demandFullAccess(args.actor, "Sync runs");
  const { id, connectionId } = args.input;
  const row = await args.tx.prisma.syncRun.findFirst({
    where: { id, connection: { deletedAt: null }, ...(connectionId === undefined ? {} : { connectionId }) },
  });
  if (!row) throw notFound("Sync run");
  return runView(row);
}
