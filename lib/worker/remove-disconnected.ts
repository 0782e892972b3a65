import { REMOVE_BATCH_DOCUMENTS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { dropObjects, findBare, leaveDocuments, nextDocumentsOf } from "@/lib/db/sql/disconnected";
import { dropHoldKeys } from "@/lib/db/sql/holds";
import { closeFence } from "@/lib/db/sql/run-fence";
import { dropChanges } from "@/lib/db/sql/run-records";
import { dropStaged } from "@/lib/db/sql/staged";
import type { Destination } from "@/lib/destination/destination";

/**
 * Does the next piece of removing what people disconnected, and says whether there may be more. Each piece is one
 * short transaction, so it can be cut anywhere and goes on after a restart.
 *
 *   deletedDocuments   its documents
 *   remove             removed in batches
 *   keep               stay, without a connection, until a new one over the same bucket adopts them
 */
export async function removeDisconnected(database: Database, destination: Destination): Promise<boolean> {
  const gone = await database.reading(({ prisma }) =>
    prisma.connection.findFirst({ where: { deletedAt: { not: null } }, orderBy: { deletedAt: "asc" } }),
  );
  if (!gone) return false;
  const isKept = gone.deletedDocuments === "keep";
  await database.transaction((tx) => removePiece(tx, gone.id, isKept, destination));
  return true;
}

async function removePiece(
  tx: Tx,
  connectionId: string,
  isKept: boolean,
  destination: Destination,
): Promise<void> {
  const { prisma } = tx;
  // What a worker has begun to write is there, and of two that remove one goes after the other.
  await closeFence(tx, connectionId);
  const ids = await nextDocumentsOf(tx, connectionId, REMOVE_BATCH_DOCUMENTS);
  if (ids.length > 0) {
    if (isKept) await keepDocuments(tx, connectionId, ids, destination);
    else await destination.remove(tx, ids);
    return;
  }
  if ((await dropObjects(tx, connectionId, ROWS_A_PIECE_MAX)) > 0) return;
  const run = await prisma.syncRun.findFirst({ where: { connectionId }, select: { id: true } });
  if (run) return removeRun(tx, run.id);
  if ((await dropHoldKeys(tx, connectionId, ROWS_A_PIECE_MAX)) > 0) return;
  await prisma.hold.deleteMany({ where: { connectionId } });
  await prisma.connection.deleteMany({ where: { id: connectionId } });
}

/** Its batches and ranges, which are few, go with it. */
async function removeRun(tx: Tx, runId: string): Promise<void> {
  if ((await dropChanges(tx, runId, ROWS_A_PIECE_MAX)) > 0) return;
  if ((await dropStaged(tx, runId, ROWS_A_PIECE_MAX)) > 0) return;
  await tx.prisma.syncRun.delete({ where: { id: runId } });
}

/** Only text is worth keeping: nobody could adopt, repair or remove a document that failed and has none. */
async function keepDocuments(
  tx: Tx,
  connectionId: string,
  ids: string[],
  destination: Destination,
): Promise<void> {
  await destination.remove(tx, await findBare(tx, ids));
  // A new connection may have adopted some of them in this very moment.
  await leaveDocuments(tx, connectionId, ids);
}

const ROWS_A_PIECE_MAX = 500;
