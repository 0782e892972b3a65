import { recordAudit } from "@/lib/audit/record-audit";
import { getConnection } from "@/lib/connections/get-connection";
import { listConnections } from "@/lib/connections/list-connections";
import { type Actor, labelOf } from "@/lib/core/actor";
import { SluiceError } from "@/lib/core/errors";
import type { Database, Tx } from "@/lib/db/database";
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
  read: Database["reading"];
  write: Database["transaction"];
  input: { containerTags: readonly string[] };
  now: number;
}): Promise<void> {
  const { actor, now, input } = args;
  const connections = await args.read((tx) => listConnections({ actor, tx, input }));
  // A transaction each: a thousand in one would keep the worker from its leases.
  for (const { id } of connections) {
    await args
      .write((tx) => requestSync({ actor, tx, now, input: { connectionId: id } }))
      .catch(ignoreDisconnected);
  }
}

/** It was there when they were listed. */
function ignoreDisconnected(thrown: unknown): void {
  if (!(thrown instanceof SluiceError) || thrown.code !== "not_found") throw thrown;
}
