import { type Actor, demandFullAccess } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";

import type { ChangeKind, RunChangeView } from "./schema";

const CHANGES_LISTED_MAX = 200;

/** What a run changed, in key order, after `afterKey`; at most 200 keys. */
export async function listRunChanges(args: {
  actor: Actor;
  tx: Tx;
  input: { runId: string; kind: ChangeKind | null; afterKey: string };
}): Promise<RunChangeView[]> {
  demandFullAccess(args.actor, "Sync runs");
  const { runId, kind, afterKey } = args.input;
  const rows = await args.tx.prisma.runChange.findMany({
    where: { runId, key: { gt: afterKey }, ...(kind === null ? {} : { kind }) },
    orderBy: { key: "asc" },
    take: CHANGES_LISTED_MAX,
  });
  return rows.map((row) => ({
    key: row.key,
    kind: row.kind as ChangeKind,
    reason: row.reason,
    stage: row.stage as RunChangeView["stage"],
    message: row.message,
    attempt: row.attempt,
    nextTryAt: row.nextTryAt === null ? null : Number(row.nextTryAt),
  }));
}
