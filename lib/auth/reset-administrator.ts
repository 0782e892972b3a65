import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";

/**
 * Removes the administrator and every session, so that the set-up can begin again. Nothing else is touched:
 * connections, documents and API keys belong to the installation. Null when there is none.
 */
export async function resetAdministrator(args: {
  actor: Actor;
  tx: Tx;
  now: number;
}): Promise<{ email: string } | null> {
  const { actor, tx, now } = args;
  const administrator = await tx.prisma.administrator.findFirst();
  if (administrator === null) return null;
  const sessions = await tx.prisma.session.deleteMany();
  await tx.prisma.administrator.delete({ where: { id: administrator.id } });
  await recordAudit(tx, {
    actor,
    action: "administrator.removed",
    subject: { kind: "administrator", id: administrator.id },
    before: { email: administrator.email, sessions: sessions.count },
    now,
  });
  return { email: administrator.email };
}
