import { recordAudit } from "@/lib/audit/record-audit";
import { listConnections } from "@/lib/connections/list-connections";
import { markDisconnected } from "@/lib/connections/mark-disconnected";
import type { Actor } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";

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
  tx: Tx;
  input: { containerTags: readonly string[]; deleteDocuments: boolean };
  now: number;
}): Promise<string> {
  const { deleteDocuments } = args.input;
  const connections = await listConnections(args);
  const [newest] = connections;
  if (!newest) throw notFound("Connection");
  for (const { id } of connections) await disconnect({ ...args, input: { id, deleteDocuments } });
  return newest.id;
}
