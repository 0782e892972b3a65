import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { conflict } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { closeFence } from "@/lib/db/sql/run-fence";
import { bigintOf, type ConnectionSettings, columnsOf, tagRowsOf } from "./columns";

/**
 * Writes settings that were made from those of `madeFromUpdatedAt`. Throws `conflict` when somebody else has written
 * since, or the connection is gone. `isNewScope` raises the revision: runs of the former one write nothing more.
 */
export async function updateConnection(args: {
  actor: Actor;
  tx: Tx;
  input: {
    id: string;
    madeFromUpdatedAt: number;
    settings: ConnectionSettings;
    sealedCredentials: string;
    isNewScope: boolean;
    /** By a new schedule; undefined leaves the time that was. */
    nextRunAt: number | null | undefined;
    /** As a check has found it; undefined leaves what was known. */
    isIfMatchHonoured: boolean | null | undefined;
  };
  now: number;
}): Promise<void> {
  const { tx, input, now } = args;
  demandFullAccess(args.actor, "Connections");
  if (input.isNewScope) await closeFence(tx, input.id);
  const written = await tx.prisma.connection.updateMany({
    where: { id: input.id, deletedAt: null, updatedAt: BigInt(input.madeFromUpdatedAt) },
    data: {
      ...columnsOf(input.settings),
      sealedCredentials: input.sealedCredentials,
      isIfMatchHonoured: input.isIfMatchHonoured,
      ...(input.nextRunAt === undefined ? {} : { nextRunAt: bigintOf(input.nextRunAt), failureStreak: 0 }),
      // Two changes within one millisecond are two versions.
      updatedAt: BigInt(Math.max(now, input.madeFromUpdatedAt + 1)),
      ...(input.isNewScope ? { revision: { increment: 1 }, failureStreak: 0 } : {}),
    },
  });
  if (written.count !== 1) {
    throw conflict("This connection was changed by somebody else meanwhile. Look at it again, then repeat.");
  }
  await tx.prisma.connectionTag.deleteMany({ where: { connectionId: input.id } });
  await tx.prisma.connectionTag.createMany({
    data: tagRowsOf(input.settings).map((row) => ({ ...row, connectionId: input.id })),
  });
}
