import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";
import { jsonText } from "./json-text";

export type StagedRow = {
  key: string;
  etag: string;
  sizeBytes: number;
  lastModified: number;
  storageClass: string;
};

/** Puts keys of a listing out of order aside; a key listed twice stands once. */
export async function stageObjects(tx: Tx, runId: string, objects: readonly StagedRow[]): Promise<void> {
  prepareOnce(
    tx.handle,
    `INSERT OR REPLACE INTO staged_object (run_id, key, etag, size_bytes, last_modified, storage_class)
     SELECT ?, value ->> 'key', value ->> 'etag', value ->> 'sizeBytes', value ->> 'lastModified',
       value ->> 'storageClass' FROM json_each(?)`,
  ).run(runId, jsonText(objects));
}

/** The next of them in key order. */
export async function readStaged(
  tx: Tx,
  runId: string,
  afterKey: string,
  countMax: number,
): Promise<StagedRow[]> {
  return prepareOnce(
    tx.handle,
    `SELECT key, etag, size_bytes AS sizeBytes, last_modified AS lastModified, storage_class AS storageClass
     FROM staged_object WHERE run_id = ? AND key > ? ORDER BY key LIMIT ?`,
  ).all(runId, afterKey, countMax) as StagedRow[];
}
