import type { Database, Tx } from "@/lib/db/database";
import type { Vault } from "@/lib/secrets/vault";
import { SEAL_CHECK_SETTING } from "./check-seal";

/**
 * Seals every secret anew with the current key, so that the previous one can be thrown away. Each is a transaction
 * of its own: cut anywhere, it may simply be run again. Resolves with how many secrets there are.
 */
export async function runRekey(args: { database: Database; vault: Vault; now: number }): Promise<number> {
  const { database, vault } = args;
  const connections = await database.reading(({ prisma }) =>
    prisma.connection.findMany({ where: { deletedAt: null }, select: { id: true } }),
  );
  for (const { id } of connections) await database.transaction((tx) => resealConnection(tx, vault, id));
  await database.transaction((tx) => resealCheck(tx, vault, args.now));
  return connections.length;
}

async function resealConnection({ prisma }: Tx, vault: Vault, id: string): Promise<void> {
  const row = await prisma.connection.findFirst({
    where: { id, deletedAt: null },
    select: { sealedCredentials: true },
  });
  if (!row || vault.isCurrent(row.sealedCredentials)) return;
  const sealedCredentials = vault.seal(vault.open(row.sealedCredentials));
  await prisma.connection.update({ where: { id }, data: { sealedCredentials } });
}

async function resealCheck({ prisma }: Tx, vault: Vault, now: number): Promise<void> {
  const check = await prisma.setting.findUnique({ where: { key: SEAL_CHECK_SETTING } });
  if (!check || vault.isCurrent(check.value)) return;
  await prisma.setting.update({
    where: { key: SEAL_CHECK_SETTING },
    data: { value: vault.seal(vault.open(check.value)), updatedAt: BigInt(now) },
  });
}
