import type { Tx } from "@/lib/db/database";
import type { Person } from "./internal";
import type { SessionView } from "./schema";

/** The open sessions of the person who asks, the one used last first. */
export async function listSessions(args: {
  actor: Person;
  tx: Tx;
  input: { currentSessionId: string };
  now: number;
}): Promise<SessionView[]> {
  const rows = await args.tx.prisma.session.findMany({
    where: { administratorId: args.actor.userId, expiresAt: { gt: BigInt(args.now) } },
    orderBy: [{ seenAt: "desc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent,
    address: row.address,
    createdAt: Number(row.createdAt),
    seenAt: Number(row.seenAt),
    expiresAt: Number(row.expiresAt),
    isCurrent: row.id === args.input.currentSessionId,
  }));
}
