import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/core/actor";
import { SluiceError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import { holdAlone } from "@/lib/db/sql/locks";
import { hasAdministrator } from "./has-administrator";
import { SEAT } from "./internal";
import { removeSetupLink } from "./setup-link";

export type Administrator = { id: string; email: string };

/**
 * Takes the one seat there is, and voids the set-up link. Throws `conflict` when it is taken. Two that come at once
 * are told apart by a lock; the unique column `seat` holds even where somebody forgets it.
 */
export async function insertAdministrator(
  tx: Tx,
  args: {
    email: string;
    passwordHash: string;
    actorFor: (administrator: Administrator) => Actor;
    now: number;
  },
): Promise<Administrator> {
  await holdAlone(tx, SEAT);
  if (await hasAdministrator({ tx })) throw alreadySetUp();
  const administrator = { id: newId(), email: args.email };
  const at = BigInt(args.now);
  await tx.prisma.administrator.create({
    data: { ...administrator, passwordHash: args.passwordHash, createdAt: at, updatedAt: at },
  });
  await removeSetupLink(tx);
  await recordAudit(tx, {
    actor: args.actorFor(administrator),
    action: "administrator.created",
    subject: { kind: "administrator", id: administrator.id },
    after: { email: administrator.email },
    now: args.now,
  });
  return administrator;
}

export function alreadySetUp(): SluiceError {
  return new SluiceError({
    code: "conflict",
    effect: "stop",
    message: "Sluice is already set up",
    details: "Its administrator exists. Sign in instead.",
  });
}
