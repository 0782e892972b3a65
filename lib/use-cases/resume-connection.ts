import { recordAudit } from "@/lib/audit/record-audit";
import { markResumed } from "@/lib/connections/mark-paused";
import type { Actor } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";

/**
 * Takes a connection back to its schedule. Runs missed while it was paused are one run, which is due at once. Resuming
 * what is not paused changes nothing. Throws `not_found`.
 */
export async function resumeConnection(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string };
  now: number;
}): Promise<void> {
  const { actor, tx, input, now } = args;
  if (!(await markResumed(args))) return;
  await recordAudit(tx, {
    actor,
    now,
    action: "connection.resumed",
    subject: { kind: "connection", id: input.id },
  });
}
