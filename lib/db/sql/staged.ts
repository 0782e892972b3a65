import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { dropKeys } from "./drop-keys";

export type StagedRow = {
  key: string;
  etag: string;
  sizeBytes: number;
  lastModified: number;
  storageClass: string;
};

const STAGED = {
  key: "text",
  etag: "text",
  sizeBytes: "bigint",
  lastModified: "bigint",
  storageClass: "text",
} satisfies ListColumns;

/** Puts keys of a listing out of order aside; a key listed twice stands once, as it was listed last. */
export async function stageObjects({ sql }: Tx, runId: string, objects: readonly StagedRow[]): Promise<void> {
  const once = new Map(objects.map((object) => [object.key, object]));
  await sql.run(
    `INSERT INTO staged_object (run_id, key, etag, size_bytes, last_modified, storage_class)
     SELECT ?, j.key, j.etag, j.size_bytes, j.last_modified, j.storage_class
     FROM ${sql.dialect.rows(STAGED)} WHERE TRUE
     ON CONFLICT (run_id, key) DO UPDATE SET etag = excluded.etag, size_bytes = excluded.size_bytes,
       last_modified = excluded.last_modified, storage_class = excluded.storage_class`,
    runId,
    sql.dialect.list(STAGED, [...once.values()]),
  );
}

/** The next of them in key order. */
export async function readStaged(
  { sql }: Tx,
  runId: string,
  afterKey: string,
  countMax: number,
): Promise<StagedRow[]> {
  return sql.all(
    `SELECT key, etag, size_bytes AS "sizeBytes", last_modified AS "lastModified", storage_class AS "storageClass"
     FROM staged_object WHERE run_id = ? AND key > ? ORDER BY key LIMIT ?`,
    runId,
    afterKey,
    countMax,
  );
}

/** Drops up to `countMax` of them; resolves with how many it was. */
export function dropStaged(tx: Tx, runId: string, countMax: number): Promise<number> {
  return dropKeys(tx, "staged_object", runId, countMax);
}
