import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";

const EXTERNAL_ID_SETTING = "external_id";

/**
 * The external id of this installation: what the trust policy of every role that it assumes has to ask for, so that
 * nobody else's connector can be talked into assuming it. Made when it is first asked for, and the same ever after:
 * people need it for their policy before there is a connection.
 *
 * Source: the "confused deputy" of AWS IAM's user guide.
 */
export async function ensureExternalId(tx: Tx, now: number): Promise<string> {
  const { value } = await tx.prisma.setting.upsert({
    where: { key: EXTERNAL_ID_SETTING },
    create: { key: EXTERNAL_ID_SETTING, value: newId(), updatedAt: BigInt(now) },
    update: {},
  });
  return value;
}

/** The same for whoever writes a policy. */
export async function getExternalId(args: { actor: Actor; tx: Tx; now: number }): Promise<string> {
  demandFullAccess(args.actor, "Connections");
  return ensureExternalId(args.tx, args.now);
}

/** Null before anybody has asked for it. */
export async function findExternalId(tx: Tx): Promise<string | null> {
  const row = await tx.prisma.setting.findUnique({ where: { key: EXTERNAL_ID_SETTING } });
  return row?.value ?? null;
}
