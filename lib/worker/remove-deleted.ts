import { REMOVE_BATCH_DOCUMENTS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import {
  type DeletedDocument,
  findRemovable,
  findTagDeletion,
  hasRunUnderWay,
  nextDeleted,
  skipDeleted,
  unmarkDeleted,
} from "@/lib/db/sql/deleted-documents";
import { closeFence } from "@/lib/db/sql/run-fence";
import type { Destination } from "@/lib/destination/destination";
import { deleteNextTagged } from "@/lib/documents/delete-tagged";

/**
 * Does the next piece of removing what people and programs deleted, and says whether there may be more. Each piece is
 * a few short transactions, so it can be cut anywhere and goes on after a restart.
 *
 * Documents of a connection go while no run of it is under way: a run works with what it has read of the manifest.
 * Their objects are skipped as `deleted_by_person` from then on. Where the object has changed meanwhile, its document
 * is no longer deleted.
 */
export async function removeDeleted(database: Database, destination: Destination): Promise<boolean> {
  const begun = await database.reading(findTagDeletion);
  if (begun !== null) {
    await database.transaction((tx) => deleteNextTagged(tx, begun));
    return true;
  }
  const connectionId = await database.reading(findRemovable);
  return connectionId !== null && removePiece(database, destination, connectionId);
}

async function removePiece(
  database: Database,
  destination: Destination,
  connectionId: string,
): Promise<boolean> {
  const piece = await database.transaction((tx) => openPiece(tx, connectionId));
  if (piece === null) return false;
  const isStill = JSON.stringify(piece);
  const meanwhile = new Error("A run of the connection has begun, or a document is back.");
  /** Rejects when the piece is another by now, so that nothing of a document that is back is taken away. */
  const write = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => {
      if (JSON.stringify(await openPiece(tx, connectionId)) !== isStill) throw meanwhile;
      return work(tx);
    });
  try {
    await destination.prepareRemoval(
      write,
      piece.map(({ id }) => id),
    );
    await write((tx) => closePiece(tx, destination, connectionId, piece));
    return true;
  } catch (thrown) {
    if (thrown === meanwhile) return false;
    throw thrown;
  }
}

/** The next documents that are to go, with the fence closed; null while a run of the connection is under way. */
async function openPiece(tx: Tx, connectionId: string): Promise<DeletedDocument[] | null> {
  await closeFence(tx, connectionId);
  if (await hasRunUnderWay(tx, connectionId)) return null;
  const piece = await nextDeleted(tx, connectionId, REMOVE_BATCH_DOCUMENTS);
  await unmarkDeleted(
    tx,
    piece.filter(({ isBack }) => isBack).map(({ id }) => id),
  );
  return piece.filter(({ isBack }) => !isBack);
}

async function closePiece(
  tx: Tx,
  destination: Destination,
  connectionId: string,
  piece: readonly DeletedDocument[],
): Promise<void> {
  await skipDeleted(
    tx,
    connectionId,
    piece.flatMap(({ key }) => key ?? []),
  );
  await destination.remove(
    tx,
    piece.map(({ id }) => id),
  );
}
