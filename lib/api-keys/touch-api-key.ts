import type { Tx } from "@/lib/db/database";

const USED_EVERY_MS = 60_000;

/** Whether the time of the last use is old enough to be worth a write. */
export function isUseWorthNoting(lastUsedAt: number | null, now: number): boolean {
  return lastUsedAt === null || now - lastUsedAt >= USED_EVERY_MS;
}

/** Notes that a key was used, at most once a minute. Not an act of anybody's: no audit row. */
export async function touchApiKey(args: { tx: Tx; input: { id: string }; now: number }): Promise<void> {
  await args.tx.prisma.apiKey.updateMany({
    where: {
      id: args.input.id,
      OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: BigInt(args.now - USED_EVERY_MS) } }],
    },
    data: { lastUsedAt: BigInt(args.now) },
  });
}
