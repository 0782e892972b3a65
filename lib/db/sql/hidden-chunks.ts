import { CHUNKS_A_TRANSACTION_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import type { SqlSession } from "../sql-session";
import type { ListColumns, SqlDialect } from "./dialect";
import { jsonText } from "./json-text";
import { selectSerials } from "./row-numbers";
import { deleteChunks } from "./search-index";

/**
 * Search finds the chunks of the version that their document names. All others are hidden: `staged` while they are
 * written ahead, `retired` once their document has a newer version or is gone. So a document changes and goes in a
 * moment, however long it is, and what is retired is deleted some at a time.
 */

export type ChunkVersion = { documentSerial: number; version: number };

const VERSIONS = { documentSerial: "bigint", version: "integer" } satisfies ListColumns;
const isListed = (dialect: SqlDialect) =>
  `(document_serial, version) IN (SELECT j.document_serial, j.version FROM ${dialect.rows(VERSIONS)})`;

const GIVEN_UP = "What was staged of a document is given up.";

/** Begins a version of a document's chunks that is written ahead. Of one document there is one at a time. */
export async function openStaged(sql: SqlSession, documentSerial: number): Promise<ChunkVersion> {
  const row = await sql.get<{ version: number }>(
    `INSERT INTO hidden_chunks (document_serial, version, phase)
     SELECT CAST(?1 AS BIGINT), 1 + max(known.version), 'staged' FROM (
       SELECT chunk_version AS version FROM document WHERE serial = ?1
       UNION ALL SELECT version FROM hidden_chunks WHERE document_serial = ?1) AS known
     RETURNING version`,
    documentSerial,
  );
  if (row === undefined) throw new Error("A version of chunks could not be begun.");
  return { documentSerial, version: row.version };
}

/**
 * Rejects when the version is staged no more: its document is gone, or somebody else stores it. Until the transaction
 * ends nobody retires it: a chunk that is written after its version has been deleted would stay for ever.
 */
export async function demandStaged(
  sql: SqlSession,
  { documentSerial, version }: ChunkVersion,
): Promise<void> {
  const row = await sql.get(
    `SELECT 1 AS held FROM hidden_chunks WHERE document_serial = ? AND version = ? AND phase = 'staged'
     ${sql.dialect.locking("FOR SHARE")}`,
    documentSerial,
    version,
  );
  if (row === undefined) throw new Error(GIVEN_UP);
}

/** The chunks that are found of these documents are to be deleted: the documents take another version, or go. */
export async function retireFound(sql: SqlSession, serials: readonly number[]): Promise<void> {
  if (serials.length === 0) return;
  await sql.run(
    `INSERT INTO hidden_chunks (document_serial, version, phase)
     SELECT serial, chunk_version, 'retired' FROM document
     WHERE chunk_count > 0 AND serial IN (${sql.dialect.numbers()})
     ON CONFLICT DO NOTHING`,
    jsonText(serials),
  );
}

/** What is staged of these documents is not going to be found. */
export async function retireStaged(sql: SqlSession, serials: readonly number[]): Promise<void> {
  if (serials.length === 0) return;
  await sql.run(
    `UPDATE hidden_chunks SET phase = 'retired'
     WHERE phase = 'staged' AND document_serial IN (${sql.dialect.numbers()})`,
    jsonText(serials),
  );
}

/**
 * What is staged is found from now on: documents name these versions in the same transaction. Rejects when one of them
 * is staged no more.
 */
export async function revealStaged(sql: SqlSession, versions: readonly ChunkVersion[]): Promise<void> {
  if (versions.length === 0) return;
  const { changes } = await sql.run(
    `DELETE FROM hidden_chunks WHERE phase = 'staged' AND ${isListed(sql.dialect)}`,
    sql.dialect.list(VERSIONS, versions),
  );
  if (changes !== versions.length) throw new Error(GIVEN_UP);
}

/**
 * Up to `countMax` versions that were staged and that nobody is about to store any more, as after a run that was
 * canceled in the middle. They go with the retired ones; resolves with how many it was. Somebody may begin the next
 * version of one of these documents at the same moment: that one is left alone.
 */
export async function retireAbandoned({ sql }: Tx, countMax: number): Promise<number> {
  const abandoned = await sql.all<ChunkVersion>(
    `SELECT h.document_serial AS "documentSerial", h.version FROM ${abandonedOf(sql)} LIMIT ?`,
    countMax,
  );
  await sql.run(
    `UPDATE hidden_chunks SET phase = 'retired' WHERE phase = 'staged' AND ${isListed(sql.dialect)}`,
    sql.dialect.list(VERSIONS, abandoned),
  );
  return abandoned.length;
}

/** Whether there is a version that nobody is about to store any more. */
export async function hasAbandoned({ sql }: Tx): Promise<boolean> {
  return (await sql.get(`SELECT 1 AS found FROM ${abandonedOf(sql)} LIMIT 1`)) !== undefined;
}

const abandonedOf = ({ dialect }: SqlSession) => `
  hidden_chunks h ${dialect.indexedBy("hidden_chunks_staged")}
  WHERE h.phase = 'staged' AND NOT EXISTS (
    SELECT 1 FROM document d JOIN object o ON o.connection_id = d.connection_id AND o.key = d.object_key
    WHERE d.serial = h.document_serial AND o.outcome = 'queued')`;

/** Whether chunks wait to be deleted. */
export async function hasRetired({ sql }: Tx): Promise<boolean> {
  return (
    (await sql.get(`SELECT 1 AS found FROM hidden_chunks WHERE phase = 'retired' LIMIT 1`)) !== undefined
  );
}

/** Deletes some retired chunks, of whatever documents; says whether it found any that nobody else is deleting. */
export async function deleteRetired({ sql }: Tx): Promise<boolean> {
  const { dialect } = sql;
  const versions = await sql.all<{ documentSerial: number; version: number }>(
    `SELECT document_serial AS "documentSerial", version FROM hidden_chunks WHERE phase = 'retired'
     ORDER BY document_serial, version LIMIT ? ${dialect.locking("FOR UPDATE SKIP LOCKED")}`,
    CHUNKS_A_TRANSACTION_MAX,
  );
  if (versions.length === 0) return false;
  const listed = dialect.list(VERSIONS, versions);
  const chunks = await sql.all<{ id: number }>(
    `SELECT c.id FROM ${dialect.rows(VERSIONS)}
     JOIN chunk c ON c.document_serial = j.document_serial AND c.version = j.version LIMIT ?`,
    listed,
    CHUNKS_A_TRANSACTION_MAX + 1,
  );
  await deleteChunks(
    sql,
    chunks.slice(0, CHUNKS_A_TRANSACTION_MAX).map(({ id }) => id),
  );
  if (chunks.length <= CHUNKS_A_TRANSACTION_MAX) {
    await sql.run(`DELETE FROM hidden_chunks WHERE ${isListed(dialect)}`, listed);
  }
  return true;
}

/** All chunks of these documents are to be deleted: the documents go in the same transaction. */
export async function retireAll({ sql }: Tx, documentIds: readonly string[]): Promise<void> {
  const rows = await sql.all<{ serial: number }>(selectSerials(sql.dialect.texts()), jsonText(documentIds));
  const serials = rows.map(({ serial }) => serial);
  await retireFound(sql, serials);
  await retireStaged(sql, serials);
}
