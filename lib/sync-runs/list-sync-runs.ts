import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { SYNC_RUNS_LISTED_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { demandConnection, runView } from "./internal";
import type { RunView } from "./schema";

/** The newest runs of a connection, newest first. Throws `not_found`. */
export async function listSyncRuns(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string; limit?: number };
}): Promise<RunView[]> {
  demandFullAccess(args.actor, "Sync runs");
  const { connectionId, limit } = args.input;
  await demandConnection(args.tx, connectionId);
  const rows = await args.tx.prisma.syncRun.findMany({
    where: { connectionId },
    orderBy: [{ queuedAt: "desc" }, { id: "desc" }],
    take: Math.min(limit ?? SYNC_RUNS_LISTED_MAX, SYNC_RUNS_LISTED_MAX),
  });
  return rows.map(runView);
}
