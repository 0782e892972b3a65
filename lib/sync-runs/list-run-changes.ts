import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { RUN_CHANGES_LISTED_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { getRunRow, millis } from "./internal";
import { CHANGE_KINDS, type ChangeKind, type RunChangeView } from "./schema";

/**
 * What a run changed, in key order, after `afterKey`; at most 200 keys. What a plan has only parked is no change yet.
 * Throws `not_found`, also when the run is of another connection.
 */
export async function listRunChanges(args: {
  actor: Actor;
  tx: Tx;
  input: { runId: string; connectionId?: string; kind: ChangeKind | null; afterKey: string };
}): Promise<RunChangeView[]> {
  demandFullAccess(args.actor, "Sync runs");
  const { runId, connectionId, kind, afterKey } = args.input;
  await getRunRow(args.tx, { id: runId, connectionId });
  const rows = await args.tx.prisma.runChange.findMany({
    where: { runId, key: { gt: afterKey }, kind: kind ?? { in: [...CHANGE_KINDS] } },
    orderBy: { key: "asc" },
    take: RUN_CHANGES_LISTED_MAX,
  });
  return rows.map((row) => ({
    key: row.key,
    kind: row.kind as ChangeKind,
    reason: row.reason,
    stage: row.stage as RunChangeView["stage"],
    message: row.message,
    attempt: row.attempt,
    nextTryAt: millis(row.nextTryAt),
    etag: row.etag,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
  }));
}
