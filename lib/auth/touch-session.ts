import type { Tx } from "@/lib/db/database";

const SEEN_EVERY_MS = 60_000;

/** Whether the time of the last visit is old enough to be worth a write. */
export function isVisitWorthNoting(seenAt: number, now: number): boolean {
  return now - seenAt >= SEEN_EVERY_MS;
}

/** Notes that a session was used, at most once a minute. Not an act of anybody's: no audit row. */
export async function touchSession(args: { tx: Tx; input: { id: string }; now: number }): Promise<void> {
  await args.tx.prisma.session.updateMany({
    where: { id: args.input.id, seenAt: { lte: BigInt(args.now - SEEN_EVERY_MS) } },
    data: { seenAt: BigInt(args.now) },
  });
}
