import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import { ENVIRONMENT, hashApiKey, shownPrefix } from "./internal";

type Args = { actor: Actor; tx: Tx; input: { key: string | null }; now: number };

/**
 * Makes the keys agree with SLUICE_API_KEY, at every start:
 *
 *     variable            keys that came from it before
 *     not set             revoked
 *     as before           stays
 *     changed             revoked, and the new one is created
 *     back to an old one  that one is good again, the others revoked
 *
 * Throws an Error when the variable holds a key that a person made and has revoked: the revocation stands.
 */
export async function ensureEnvironmentKey(args: Args): Promise<void> {
  const hash = args.input.key === null ? null : hashApiKey(args.input.key);
  await revokeOthers(args, hash);
  if (args.input.key === null || hash === null) return;
  const known = await args.tx.prisma.apiKey.findUnique({ where: { hash } });
  if (known === null) return create(args, args.input.key, hash);
  if (known.revokedAt === null) return;
  if (known.createdBy !== ENVIRONMENT) {
    throw new Error(
      `SLUICE_API_KEY: the key "${known.name}" was revoked in the console. Choose another one.`,
    );
  }
  await args.tx.prisma.apiKey.update({ where: { id: known.id }, data: { revokedAt: null } });
  await record(args, "api_key.restored", known.id);
}

async function revokeOthers(args: Args, hash: string | null): Promise<void> {
  const others = await args.tx.prisma.apiKey.findMany({
    where: { createdBy: ENVIRONMENT, revokedAt: null, ...(hash === null ? {} : { hash: { not: hash } }) },
  });
  for (const other of others) {
    await args.tx.prisma.apiKey.update({ where: { id: other.id }, data: { revokedAt: BigInt(args.now) } });
    await record(args, "api_key.revoked", other.id);
  }
}

async function create(args: Args, key: string, hash: string): Promise<void> {
  const row = { id: newId(), name: ENVIRONMENT, prefix: shownPrefix(key), hash };
  await args.tx.prisma.apiKey.create({
    data: { ...row, createdBy: ENVIRONMENT, createdAt: BigInt(args.now) },
  });
  await record(args, "api_key.created", row.id);
}

async function record(args: Args, action: string, id: string): Promise<void> {
  const { actor, tx, now } = args;
  await recordAudit(tx, {
    actor,
    action,
    subject: { kind: "api_key", id },
    after: { name: ENVIRONMENT },
    now,
  });
}
