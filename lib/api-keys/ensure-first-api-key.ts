import type { Actor } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { createApiKey } from "./create-api-key";

/** The first key of an installation that never had one; null when it has, or had: a revoked key is not replaced. */
export async function ensureFirstApiKey(args: { actor: Actor; tx: Tx; now: number }): Promise<string | null> {
  if ((await args.tx.prisma.apiKey.count()) > 0) return null;
  const { key } = await createApiKey({ ...args, input: { name: "first key", tags: null } });
  return key;
}
