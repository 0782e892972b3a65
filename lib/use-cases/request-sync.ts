import { recordAudit } from "@/lib/audit/record-audit";
import { getConnection } from "@/lib/connections/get-connection";
import { listConnections } from "@/lib/connections/list-connections";
import { type Actor, labelOf } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { type Enqueued, enqueueRun } from "@/lib/sync-runs/enqueue-run";

/** Asks for a run of one connection by hand. Throws `not_found`. */
export async function requestSync(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string };
  now: number;
}): Promise<Enqueued> {
  const { actor, tx, now } = args;
  const connection = await getConnection({ actor, tx, input: { id: args.input.connectionId } });
  const enqueued = await enqueueRun({
    tx,
    now,
    input: { connectionId: connection.id, trigger: "manual", requestedBy: labelOf(actor) },
  });
  await recordAudit(tx, {
    actor,
    now,
    action: "sync_run.requested",
    subject: { kind: "sync_run", id: enqueued.runId },
    after: { connectionId: connection.id, outcome: enqueued.outcome },
  });
  return enqueued;
}

/** Asks for a run of every connection that has all of these tags; an empty list means all connections. */
export async function requestSyncByTags(args: {
  actor: Actor;
  tx: Tx;
  input: { containerTags: readonly string[] };
  now: number;
}): Promise<void> {
  for (const { id } of await listConnections(args)) {
    await requestSync({ ...args, input: { connectionId: id } });
  }
}
