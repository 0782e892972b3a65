import { z } from "zod";
import { SETUP_LINK_MS, SETUP_TRIES_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { holdAlone } from "@/lib/db/sql/locks";
import { hashToken, isSameHash, SEAT } from "./internal";

const SETTING_KEY = "setup_link";

const setupLink = z.object({ hash: z.string(), expiresAt: z.number(), tries: z.number().int() });
type SetupLink = z.infer<typeof setupLink>;

/** Replaces whatever link there was: the older one is void from now on. */
export async function storeSetupLink(tx: Tx, token: string, now: number): Promise<void> {
  await holdAlone(tx, SEAT);
  await write(tx, { hash: hashToken(token), expiresAt: now + SETUP_LINK_MS, tries: 0 }, now);
}

/**
 * Counts a try and tells whether the token opens the set-up; the caller holds the seat. A try counts whether it is
 * right or wrong:
 *
 *     no link, or expired            no
 *     SETUP_TRIES_MAX tries before   no, however right the token is
 *     another token                  no
 */
export async function trySetupToken(tx: Tx, token: string, now: number): Promise<boolean> {
  const link = await read(tx);
  if (link === null || link.expiresAt <= now || link.tries >= SETUP_TRIES_MAX) return false;
  await write(tx, { ...link, tries: link.tries + 1 }, now);
  return isSameHash(link.hash, hashToken(token));
}

/** Whether this token is still that of the link, whatever its tries. */
export async function isSetupToken(tx: Tx, token: string): Promise<boolean> {
  const link = await read(tx);
  return link !== null && isSameHash(link.hash, hashToken(token));
}

export async function removeSetupLink(tx: Tx): Promise<void> {
  await tx.prisma.setting.deleteMany({ where: { key: SETTING_KEY } });
}

async function read(tx: Tx): Promise<SetupLink | null> {
  const row = await tx.prisma.setting.findUnique({ where: { key: SETTING_KEY } });
  return row === null ? null : setupLink.parse(JSON.parse(row.value));
}

async function write(tx: Tx, link: SetupLink, now: number): Promise<void> {
  const row = { value: JSON.stringify(link), updatedAt: BigInt(now) };
  await tx.prisma.setting.upsert({
    where: { key: SETTING_KEY },
    create: { key: SETTING_KEY, ...row },
    update: row,
  });
}
