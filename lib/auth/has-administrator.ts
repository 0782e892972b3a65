import type { Tx } from "@/lib/db/database";

/** Whether Sluice has been set up. */
export async function hasAdministrator({ tx }: { tx: Tx }): Promise<boolean> {
  return (await tx.prisma.administrator.count()) > 0;
}
