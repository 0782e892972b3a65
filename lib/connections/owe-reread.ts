import type { Tx } from "@/lib/db/database";

/** What is stored comes from elsewhere: from now on a sync of this connection reads everything again, until one has. */
export async function oweReread({ prisma }: Tx, connectionId: string): Promise<void> {
  await prisma.connection.update({ where: { id: connectionId }, data: { isRereadOwed: true } });
}
