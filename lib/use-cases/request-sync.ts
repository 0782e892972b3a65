import { recordAudit } from "@/lib/audit/record-audit";
import { endBackOff } from "@/lib/connections/end-back-off";
import { listConnections } from "@/lib/connections/list-connections";
import { type Actor, demandFullAccess, labelOf } from "@/lib/core/actor";
import { SluiceError } from "@/lib/core/errors";
import type { Database, Tx } from "@/lib/db/database";
import { demandRun } from "@/lib/sync-runs/enqueue-run";

/** How a person's request for a run was met: with one more, or with one that does it anyway. */
export type Requested = { outcome: "queued" | "joined"; runId: string };

/**
 * Asks for a run of one connection by hand, which also takes its schedule back to its pace. A `reread` fetches every
 * object again, whatever its ETag. Throws `not_found`, and `conflict` while it is paused or a plan waits.
 */
export async function requestSync(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string; kind?: "sync" | "reread" };
  now: number;
}): Promise<Requested> {
  const { actor, tx, now } = args;
  const { kind = "sync" } = args.input;
  const { connectionId } = args.input;
  demandFullAccess(actor, "Connections");
  const requested = await demandRun({
    tx,
    now,
    input: { connectionId, kind, trigger: "manual", requestedBy: labelOf(actor) },
  });
  await endBackOff(tx, connectionId, now);
  await recordAudit(tx, {
    actor,
    now,
    action: "sync_run.requested",
    subject: { kind: "sync_run", id: requested.runId },
    after: { connectionId, kind, outcome: requested.outcome },
  });
  return requested;
}

/**
 * Asks for a run of every connection that has all of these tags; an empty list means all connections. Those that are
 * paused or busy with a plan are left out; when that leaves none, the last of them says why as `conflict`.
 */
export async function requestSyncByTags(args: {
  actor: Actor;
  read: Database["reading"];
  write: Database["transaction"];
  input: { containerTags: readonly string[] };
  now: number;
}): Promise<void> {
  const { actor, now, input } = args;
  const connections = await args.read((tx) => listConnections({ actor, tx, input }));
  let refusal: SluiceError | null = null;
  let requested = 0;
  // A transaction each: a thousand in one would keep the worker from its leases.
  for (const { id } of connections) {
    try {
      await args.write((tx) => requestSync({ actor, tx, now, input: { connectionId: id } }));
      requested += 1;
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      // It was there when they were listed.
      if (thrown.code === "not_found") continue;
      if (thrown.code !== "conflict") throw thrown;
      refusal = thrown;
    }
  }
  if (requested === 0 && refusal !== null) throw refusal;
}
