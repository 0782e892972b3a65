import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";

/** The hold that waits of a connection, with how many keys it has; null when none does. Throws `not_found`. */
export async function findOpenHold({ prisma }: Tx, connectionId: string) {
  const where = { id: connectionId, deletedAt: null };
  if ((await prisma.connection.count({ where })) === 0) throw notFound("Connection");
  return prisma.hold.findFirst({
    where: { connectionId, status: "open" },
    include: { _count: { select: { keys: true } } },
  });
}
