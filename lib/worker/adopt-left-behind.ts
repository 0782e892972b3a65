import { ABSENT_PIECE_KEYS } from "@/lib/core/limits";
import { type AdoptionPlace, adoptDocuments, listLeftBy, nextLeftBehind } from "@/lib/db/sql/adoption";
import type { RunStoreContext } from "./run-store";
import { inPieces } from "./run-store-absence";

/**
 * Gives a connection, before its first listing, what earlier ones over the same store and bucket left behind, some keys
 * a transaction; resolves with how many documents it was. Cut anywhere, it may be done again.
 */
export async function adoptLeftBehind(
  { read, write }: Pick<RunStoreContext, "read" | "write">,
  place: AdoptionPlace,
): Promise<number> {
  let adopted = 0;
  for (const leftBy of await read(listLeftBy)) {
    await inPieces(
      (afterKey) =>
        read((tx) => nextLeftBehind(tx, place, { leftBy, afterKey, countMax: ABSENT_PIECE_KEYS })),
      async (keys) => {
        adopted += await write((tx) => adoptDocuments(tx, place, keys));
      },
    );
  }
  return adopted;
}
