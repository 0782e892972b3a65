import { recordAudit } from "@/lib/audit/record-audit";
import { markDisconnected } from "@/lib/connections/mark-disconnected";
import type { Actor } from "@/lib/core/actor";
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
