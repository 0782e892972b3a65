import { type Actor, labelOf } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";

export type AuditSubject = {
  kind:
    | "connection"
    | "sync_run"
    | "hold"
    | "api_key"
    | "administrator"
    | "session"
    | "document"
    | "container_tag";
  id: string;
};

/** Facts that were chosen one by one for the record; never a row spread out. */
export type AuditFacts = Record<string, string | number | boolean | null | readonly string[]>;

/**
 * Writes who did what, in the transaction that does it: either both happened or neither.
 *
 * `action` is verb and noun in the past tense, such as `connection.created`.
 */
export async function recordAudit(
  tx: Tx,
  entry: {
    actor: Actor;
    action: string;
    subject: AuditSubject;
    before?: AuditFacts;
    after?: AuditFacts;
    now: number;
  },
): Promise<void> {
  const { actor } = entry;
  await tx.prisma.auditEntry.create({
    data: {
      id: newId(),
      at: BigInt(entry.now),
      actorKind: actor.kind,
      actorId: actor.kind === "person" ? actor.userId : actor.kind === "api_key" ? actor.keyId : null,
      actorLabel: labelOf(actor),
      address: actor.kind === "system" ? null : actor.address,
      action: entry.action,
      subjectKind: entry.subject.kind,
      subjectId: entry.subject.id,
      before: entry.before ? JSON.stringify(entry.before) : null,
      after: entry.after ? JSON.stringify(entry.after) : null,
    },
  });
}
