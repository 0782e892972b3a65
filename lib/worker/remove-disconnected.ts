import { REMOVE_BATCH_DOCUMENTS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { dropHoldKeys } from "@/lib/db/sql/holds";
import { closeFence } from "@/lib/db/sql/run-fence";
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
  if (!isKept) await prepareRemoval(database, gone.id, destination);
  await database.transaction((tx) => removePiece(tx, gone.id, isKept, destination));
  return true;
}

async function prepareRemoval(
  database: Database,
  connectionId: string,
  destination: Destination,
): Promise<void> {
  const next = await database.reading(({ prisma }) => prisma.document.findMany(nextDocuments(connectionId)));
  await destination.prepareRemoval(
    database.transaction,
    next.map(({ id }) => id),
  );
}

function nextDocuments(connectionId: string) {
  return {
    where: { connectionId },
    orderBy: { id: "asc" },
    take: REMOVE_BATCH_DOCUMENTS,
    select: { id: true },
  } as const;
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
  const documents = await prisma.document.findMany(nextDocuments(connectionId));
  if (documents.length > 0) {
    const ids = documents.map(({ id }) => id);
    if (isKept) await keepDocuments(tx, connectionId, ids, destination);
    else await destination.remove(tx, ids);
    return;
  }
  const objects = await prisma.sourceObject.findMany({
    where: { connectionId },
    take: ROWS_A_PIECE_MAX,
    select: { key: true },
  });
  if (objects.length > 0) {
    await prisma.sourceObject.deleteMany({
      where: { connectionId, key: { in: objects.map(({ key }) => key) } },
    });
    return;
  }
  const run = await prisma.syncRun.findFirst({ where: { connectionId }, select: { id: true } });
  if (run) {
    const changes = await prisma.runChange.findMany({
      where: { runId: run.id },
      take: ROWS_A_PIECE_MAX,
      select: { key: true },
    });
    const keys = changes.map(({ key }) => key);
    await prisma.runChange.deleteMany({ where: { runId: run.id, key: { in: keys } } });
    if (changes.length < ROWS_A_PIECE_MAX) {
      await prisma.stagedObject.deleteMany({ where: { runId: run.id } });
      await prisma.syncRun.delete({ where: { id: run.id } });
    }
    return;
  }
  if ((await dropHoldKeys(tx, connectionId, ROWS_A_PIECE_MAX)) > 0) return;
  await prisma.hold.deleteMany({ where: { connectionId } });
  await prisma.connection.deleteMany({ where: { id: connectionId } });
}

/** Only text is worth keeping: nobody could adopt, repair or remove a document that failed and has none. */
async function keepDocuments(
  tx: Tx,
  connectionId: string,
  ids: string[],
  destination: Destination,
): Promise<void> {
  const { prisma } = tx;
  const bare = await prisma.document.findMany({
    where: { id: { in: ids }, content: null },
    select: { id: true },
  });
  await destination.remove(
    tx,
    bare.map(({ id }) => id),
  );
  // A new connection may have adopted some of them in this very moment.
  await prisma.document.updateMany({
    where: { id: { in: ids }, connectionId },
    data: { connectionId: null },
  });
}

const ROWS_A_PIECE_MAX = 500;
