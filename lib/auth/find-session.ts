import type { Tx } from "@/lib/db/database";
import { hashToken } from "./internal";

/** Times are epoch ms. */
export type FoundSession = { id: string; administratorId: string; email: string; seenAt: number };

/** The session of a cookie's token, or null when there is none or it has expired. Only reads. */
export async function findSession(args: {
  tx: Tx;
  input: { token: string };
  now: number;
}): Promise<FoundSession | null> {
  const row = await args.tx.prisma.session.findUnique({
    where: { tokenHash: hashToken(args.input.token) },
    include: { administrator: { select: { email: true } } },
  });
  if (row === null || row.expiresAt <= BigInt(args.now)) return null;
  return {
    id: row.id,
    administratorId: row.administratorId,
    email: row.administrator.email,
    seenAt: Number(row.seenAt),
  };
}
