import { SluiceError } from "@/lib/core/errors";
import { REMOVE_BATCH_DOCUMENTS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { isDatabaseInTrouble } from "@/lib/db/database-trouble";
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
 * one short transaction, so it can be cut anywhere and goes on after a restart.
 *
 * Documents of a connection go while no run of it is under way: a run works with what it has read of the manifest.
 * Their objects are skipped as `deleted_by_person` from then on. Where the object has changed meanwhile, its document
 * is no longer deleted.
 *
 * A document that cannot be removed keeps no other one: when nothing else is left to do, it rejects with the reason.
 */
export async function removeDeleted(database: Database, destination: Destination): Promise<boolean> {
  const begun = await database.reading(findTagDeletion);
  if (begun !== null) {
    await database.transaction((tx) => deleteNextTagged(tx, begun));
    return true;
  }
  const refusals: unknown[] = [];
  let after: string | null = null;
  for (;;) {
    const connectionId = await database.reading((tx) => findRemovable(tx, after));
    if (connectionId === null) break;
    if (await removeOfConnection({ database, destination, connectionId, refusals })) return true;
    after = connectionId;
  }
  if (refusals.length > 0) throw refusals[0];
  return false;
}

type Removal = {
  database: Database;
  destination: Destination;
  connectionId: string;
  /** Why documents could not be removed. */
  refusals: unknown[];
};

/** Which of the marked documents of a connection, in the order of their ids. */
type Place = { afterId: string; countMax: number };

/** Removes the next documents that can be removed; false when there are none. */
async function removeOfConnection(removal: Removal): Promise<boolean> {
  const { refusals } = removal;
  let place: Place = { afterId: "", countMax: REMOVE_BATCH_DOCUMENTS };
  for (;;) {
    const piece = await tryPiece(removal, place);
    if (piece.outcome !== "refused") return piece.outcome === "removed";
    const isAnyRemoved = await removeOneByOne(removal, place, piece.ids);
    if (isAnyRemoved) return true;
    refusals.push(piece.thrown);
    place = { ...place, afterId: piece.ids.at(-1) ?? place.afterId };
  }
}

/** Of documents that cannot be removed together, those that can be alone. */
async function removeOneByOne(removal: Removal, place: Place, ids: readonly string[]): Promise<boolean> {
  if (ids.length < 2) return false;
  let isAnyRemoved = false;
  let { afterId } = place;
  for (const id of ids) {
    const { outcome } = await tryPiece(removal, { afterId, countMax: 1 });
    if (outcome === "removed") isAnyRemoved = true;
    afterId = id;
  }
  return isAnyRemoved;
}

type Tried = { outcome: "removed" | "nothing" } | { outcome: "refused"; ids: string[]; thrown: unknown };

async function tryPiece({ database, destination, connectionId }: Removal, place: Place): Promise<Tried> {
  let ids: string[] = [];
  try {
    const piece = await database.transaction(async (tx) => {
      const opened = await openPiece(tx, connectionId, place);
      ids = (opened ?? []).map(({ id }) => id);
      if (ids.length > 0) await closePiece(tx, destination, connectionId, opened ?? []);
      return opened;
    });
    if (piece === null) return { outcome: "nothing" };
    // Those that were there are marked no longer; behind a place there may be none at all.
    return { outcome: piece.length > 0 || place.afterId === "" ? "removed" : "nothing" };
  } catch (thrown) {
    if (ids.length === 0 || !isRefusal(thrown)) throw thrown;
    return { outcome: "refused", ids, thrown };
  }
}

/** Whether something is wrong with one of the documents, and not with what all of them need. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof SluiceError ? thrown.effect === "skip" : !isDatabaseInTrouble(thrown);
}

/** The next documents that are to go, with the fence closed; null while a run of the connection is under way. */
async function openPiece(tx: Tx, connectionId: string, place: Place): Promise<DeletedDocument[] | null> {
  await closeFence(tx, connectionId);
  if (await hasRunUnderWay(tx, connectionId)) return null;
  const piece = await nextDeleted(tx, connectionId, place);
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
  const gone = new Set(
    await destination.remove(
      tx,
      piece.map(({ id }) => id),
    ),
  );
  await skipDeleted(
    tx,
    connectionId,
    piece.flatMap(({ id, key }) => (gone.has(id) && key !== null ? key : [])),
  );
}
