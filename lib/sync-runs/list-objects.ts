import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { KEYS_LISTED_DEFAULT, OBJECTS_LOOKED_AT_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { findKeyAhead, type ListedObjectRow, nextObjects } from "@/lib/db/sql/manifest-lists";
import { demandConnection } from "./internal";
import type { ObjectFilter, ObjectPage, ObjectView } from "./schema";

/** Objects of a connection as they were listed last, whichever run listed them, by what became of them. Throws `not_found`. */
export async function listObjects(args: {
  actor: Actor;
  tx: Tx;
  input: ObjectFilter & { connectionId: string; afterKey: string };
  /** Objects on a page, and rows that are looked at for it. */
  bounds?: { listed: number; lookedAt: number };
}): Promise<ObjectPage> {
  const { actor, tx, input } = args;
  demandFullAccess(actor, "Objects");
  await demandConnection(tx, input.connectionId);
  const { listed, lookedAt } = args.bounds ?? {
    listed: KEYS_LISTED_DEFAULT,
    lookedAt: OBJECTS_LOOKED_AT_MAX,
  };
  const untilKey = await findKeyAhead(tx, { ...input, rowCount: lookedAt });
  // One row more than the page tells whether there is another.
  const rows = await nextObjects(tx, { ...input, untilKey, countMax: listed + 1 });
  const objects = rows.slice(0, listed).map(objectView);
  return { objects, nextAfterKey: rows.length > listed ? (objects.at(-1)?.key ?? null) : untilKey };
}

function objectView(row: ListedObjectRow): ObjectView {
  return {
    key: row.key,
    reason: row.reason,
    sizeBytes: row.size_bytes,
    lastModified: row.last_modified,
    documentId: row.document_id,
  };
}
