import { recordAudit } from "@/lib/audit/record-audit";
import { listConnections } from "@/lib/connections/list-connections";
import { markDisconnected } from "@/lib/connections/mark-disconnected";
import type { Actor } from "@/lib/core/actor";
import { notFound, SluiceError } from "@/lib/core/errors";
import type { Database, Tx } from "@/lib/db/database";

/** Removes a connection, with its documents or without. Throws `not_found`. */
export async function disconnect(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; deleteDocuments: boolean };
  now: number;
}): Promise<void> {
  const { actor, tx, input, now } = args;
  const gone = await markDisconnected(args);
  await recordAudit(tx, {
    actor,
    now,
    action: "connection.removed",
    subject: { kind: "connection", id: input.id },
    before: { ...gone, deleteDocuments: input.deleteDocuments },
  });
}

/**
 * Removes the connections that have all of these tags, and resolves with the id of the newest. Throws `not_found`
 * when there is none.
 */
export async function disconnectByTags(args: {
  actor: Actor;
  read: Database["reading"];
  write: Database["transaction"];
  input: { containerTags: readonly string[]; deleteDocuments: boolean };
  now: number;
}): Promise<string> {
  const { actor, now, input } = args;
  const { deleteDocuments } = input;
  const connections = await args.read((tx) => listConnections({ actor, tx, input }));
  const [newest] = connections;
  if (!newest) throw notFound("Connection");
  // A transaction each: a thousand in one would keep the worker from its leases.
  for (const { id } of connections) {
    await args
      .write((tx) => disconnect({ actor, tx, now, input: { id, deleteDocuments } }))
      .catch(unlessGone);
  }
  return newest.id;
}

/** It was there when they were listed: somebody else has removed it meanwhile. */
function unlessGone(thrown: unknown): void {
  if (!(thrown instanceof SluiceError) || thrown.code !== "not_found") throw thrown;
}
