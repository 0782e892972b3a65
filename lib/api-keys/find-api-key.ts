import { timingSafeEqual } from "node:crypto";
import type { Tx } from "@/lib/db/database";
import { hashApiKey, readTags } from "./internal";

/** `lastUsedAt` is epoch ms. */
export type FoundApiKey = { id: string; name: string; tags: string[] | null; lastUsedAt: number | null };

/**
 * The key that was sent, or null when it is unknown or revoked. Only reads.
 *
 * The lookup goes by the hash, so its time says nothing of the key; the comparison in constant time stands for the
 * day on which somebody looks keys up by something else.
 */
export async function findApiKey(args: { tx: Tx; input: { key: string } }): Promise<FoundApiKey | null> {
  const hash = hashApiKey(args.input.key);
  const row = await args.tx.prisma.apiKey.findUnique({ where: { hash } });
  if (row === null || row.revokedAt !== null) return null;
  if (!timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
  return {
    id: row.id,
    name: row.name,
    tags: readTags(row.tags),
    lastUsedAt: row.lastUsedAt === null ? null : Number(row.lastUsedAt),
  };
}
