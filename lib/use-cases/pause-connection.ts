import { recordAudit } from "@/lib/audit/record-audit";
import { makeDue } from "@/lib/connections/make-due";
import { markPaused } from "@/lib/connections/mark-paused";
import type { Actor } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { cutQueuedRun, cutRunningRun } from "@/lib/sync-runs/cut-runs";

/**
 * Stops everything of a connection until it is resumed: the run that waits is canceled, the one under way stops
 * reading within about two seconds and keeps what it has done, and none begins. What was cut is owed: it is due when the connection
 * is resumed. Pausing twice changes nothing. Throws `not_found`.
 */
export async function pauseConnection(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string };
  now: number;
}): Promise<void> {
  const { actor, tx, input, now } = args;
  if (!(await markPaused(args))) return;
  const connectionId = input.id;
  const reason = { errorCode: "paused", error: "The connection was paused." } as const;
  const isQueuedCut = await cutQueuedRun({ actor, tx, now, input: { connectionId, reason } });
  const isRunningCut = await cutRunningRun({ actor, tx, now, input: { connectionId } });
  if (isQueuedCut || isRunningCut) await makeDue(tx, connectionId, now);
  await recordAudit(tx, {
    actor,
    now,
    action: "connection.paused",
    subject: { kind: "connection", id: connectionId },
    after: { isQueuedCut, isRunningCut },
  });
}
