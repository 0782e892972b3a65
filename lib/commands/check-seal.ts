import type { Tx } from "@/lib/db/database";
import type { Vault } from "@/lib/secrets/vault";

/** The setting whose value only this installation's secret key opens. Renewing the keys seals it anew. */
export const SEAL_CHECK_SETTING = "seal_check";

const PLAIN = "sluice";

/**
 * Proves that the secret key at hand is the one this database was sealed with; the first start seals the proof.
 * Throws an Error with a sentence for the operator otherwise: started with a wrong key, every connection would fail
 * one by one, and new secrets would be sealed apart from the old ones.
 */
export async function checkSeal(args: { tx: Tx; vault: Vault; now: number }): Promise<void> {
  const { tx, vault, now } = args;
  const row = await tx.prisma.setting.findUnique({ where: { key: SEAL_CHECK_SETTING } });
  if (row === null) {
    await tx.prisma.setting.create({
      data: { key: SEAL_CHECK_SETTING, value: vault.seal(PLAIN), updatedAt: BigInt(now) },
    });
    return;
  }
  if (!opens(vault, row.value)) throw wrongKey();
}

function opens(vault: Vault, sealed: string): boolean {
  try {
    return vault.open(sealed) === PLAIN;
  } catch {
    return false;
  }
}

function wrongKey(): Error {
  return new Error(
    "The secret key is not the one that this database was sealed with, so Sluice does not start. " +
      "Give the right one as SLUICE_SECRET_KEY, or put the file secret.key of the same data folder back. " +
      "After a change of keys the old one belongs into SLUICE_SECRET_KEY_PREVIOUS.",
  );
}
