import type { Tx } from "../database";
import { jsonText } from "./json-text";

/**
 * A deleted document is marked first, and is gone for everybody from then on. Its rows go piece by piece, while no run
 * of its connection is under way. The mark holds the version that its object had, so that a newer one brings the
 * document back.
 */

/** Of a document `d`: nobody has deleted it. */
export const NOT_DELETED = `NOT EXISTS (SELECT 1 FROM deleted_document x WHERE x.document_id = d.id)`;

/** Of an object `o`: the version that its document shows, or that was listed where nothing of it is stored. */
const VERSION = {
  etag: `CASE WHEN o.outcome = 'stored' THEN o.stored_etag ELSE o.listed_etag END`,
  modified: `CASE WHEN o.outcome = 'stored' THEN o.stored_modified ELSE o.last_modified END`,
};

/** The object that leads to a document `d`, if one does. */
const OBJECT = `object o ON o.connection_id = d.connection_id AND o.key = d.object_key AND o.document_id = d.id`;

/** Marks documents as deleted; resolves with how many of them were not yet. */
export async function markDeleted({ sql }: Tx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { changes } = await sql.run(
    `INSERT INTO deleted_document (document_id, connection_id, seen_etag, seen_modified)
     SELECT d.id, coalesce(d.connection_id, ''), coalesce(${VERSION.etag}, d.source_etag),
       coalesce(${VERSION.modified}, d.source_modified)
     FROM document d LEFT JOIN ${OBJECT}
     WHERE d.id IN (${sql.dialect.texts()}) ${sql.dialect.locking("FOR KEY SHARE OF d")}
     ON CONFLICT DO NOTHING`,
    jsonText(ids),
  );
  return changes;
}

/** How many documents have all of these tags. */
export async function countTagged({ sql }: Tx, tags: readonly string[]): Promise<number> {
  const row = await sql.get<{ total: number }>(
    `SELECT count(*) AS total FROM document_tag t JOIN document d ON d.serial = t.document_serial
     WHERE ${taggedWith(sql.dialect.texts())} AND ${NOT_DELETED}
       AND (d.connection_id IS NULL
         OR d.connection_id NOT IN (SELECT id FROM connection WHERE deleted_documents = 'remove'))`,
    ...tagBindings(tags),
  );
  return row?.total ?? 0;
}

/** The row `t` of the first tag, of a document that has the other tags, too. */
const taggedWith = (others: string) => `t.tag = ? AND NOT EXISTS (
  SELECT 1 FROM (${others}) AS wanted WHERE NOT EXISTS (
    SELECT 1 FROM document_tag o WHERE o.document_serial = t.document_serial AND o.tag = wanted.value))`;

function tagBindings([first = "", ...others]: readonly string[]): string[] {
  return [first, jsonText(others)];
}

type TagDeletion = { id: string; tags: readonly string[]; askedAt: number };

/** Documents that have all of these tags are to be marked, as long as they are not newer than this moment. */
export async function beginTagDeletion({ sql }: Tx, deletion: TagDeletion): Promise<void> {
  await sql.run(
    `INSERT INTO tag_deletion (id, tags, asked_at) VALUES (?, ?, ?)`,
    deletion.id,
    jsonText(deletion.tags),
    deletion.askedAt,
  );
}

/** A deletion that was begun and is not through; null when there is none. */
export async function findTagDeletion({ sql }: Tx): Promise<string | null> {
  const row = await sql.get<{ id: string }>(`SELECT id FROM tag_deletion ORDER BY asked_at LIMIT 1`);
  return row?.id ?? null;
}

/**
 * Goes through the next `countMax` documents of a deletion by tags and marks those that are meant; says whether more may
 * follow. May be cut anywhere, and several may go on with one deletion.
 */
export async function markNextTagged(tx: Tx, id: string, countMax: number): Promise<boolean> {
  const { sql } = tx;
  const deletion = await sql.get<{ tags: string; asked_at: number; after_serial: number }>(
    `SELECT tags, asked_at, after_serial FROM tag_deletion WHERE id = ? ${sql.dialect.locking("FOR UPDATE")}`,
    id,
  );
  if (deletion === undefined) return false;
  const [first = "", ...others] = JSON.parse(deletion.tags) as string[];
  // All that have the first tag are gone through: those that have the others, too, may be few and far between.
  const rows = await sql.all<{ serial: number }>(
    `SELECT document_serial AS serial FROM document_tag WHERE tag = ? AND document_serial > ?
     ORDER BY document_serial LIMIT ?`,
    first,
    deletion.after_serial,
    countMax,
  );
  const serials = rows.map(({ serial }) => serial);
  await markDeleted(tx, await withTags(tx, serials, { tags: others, askedAt: deletion.asked_at }));
  const last = serials.at(-1);
  const isThrough = last === undefined || serials.length < countMax;
  if (isThrough) await sql.run(`DELETE FROM tag_deletion WHERE id = ?`, id);
  else await sql.run(`UPDATE tag_deletion SET after_serial = ? WHERE id = ?`, last, id);
  return !isThrough;
}

/** The ids of those of the documents that have all of these tags and are not newer than the deletion. */
async function withTags(
  { sql }: Tx,
  serials: readonly number[],
  deletion: { tags: readonly string[]; askedAt: number },
): Promise<string[]> {
  const rows = await sql.all<{ id: string }>(
    `SELECT d.id FROM document d WHERE d.serial IN (${sql.dialect.numbers()}) AND d.created_at <= ? AND NOT EXISTS (
       SELECT 1 FROM (${sql.dialect.texts()}) AS wanted WHERE NOT EXISTS (
         SELECT 1 FROM document_tag o WHERE o.document_serial = d.serial AND o.tag = wanted.value))`,
    jsonText(serials),
    deletion.askedAt,
    jsonText(deletion.tags),
  );
  return rows.map((row) => row.id);
}

/**
 * The first connection, after this one, that has deleted documents and no run under way, "" for documents without a
 * connection; null when there is nothing that can be removed now.
 */
export async function findRemovable({ sql }: Tx, afterId: string | null): Promise<string | null> {
  let after = afterId;
  for (;;) {
    const next: { connection_id: string; is_busy: number } | undefined = await sql.get(
      `SELECT x.connection_id, EXISTS (${runsOf("x.connection_id")}) AS is_busy
       FROM deleted_document x WHERE x.connection_id ${after === null ? ">=" : ">"} ?
       ORDER BY x.connection_id LIMIT 1`,
      after ?? "",
    );
    if (next === undefined) return null;
    if (!next.is_busy) return next.connection_id;
    after = next.connection_id;
  }
}

const runsOf = (connectionId: string) =>
  `SELECT 1 FROM sync_run r WHERE r.connection_id = ${connectionId} AND r.status = 'running'`;

/** Whether a run of the connection is under way. */
export async function hasRunUnderWay({ sql }: Tx, connectionId: string): Promise<boolean> {
  return (await sql.get(`${runsOf("?")} LIMIT 1`, connectionId)) !== undefined;
}

/** A marked document, the key of the object that leads to it, and whether that object has another version by now. */
export type DeletedDocument = { id: string; key: string | null; isBack: boolean };

/** The next marked documents of a connection, in the order of ids. The caller has closed the connection's fence. */
export async function nextDeleted(
  { sql }: Tx,
  connectionId: string,
  args: { afterId: string; countMax: number },
): Promise<DeletedDocument[]> {
  const locked = await sql.all<{ id: string }>(
    `SELECT d.id FROM deleted_document x JOIN document d ON d.id = x.document_id
     WHERE x.connection_id = ? AND x.document_id > ? ORDER BY x.document_id LIMIT ?
     ${sql.dialect.locking("FOR UPDATE OF d")}`,
    connectionId,
    args.afterId,
    args.countMax,
  );
  const ids = jsonText(locked.map(({ id }) => id));
  // Kept by a connection that is gone, or adopted by another since: it is removed as what it is now.
  await sql.run(
    `UPDATE deleted_document SET connection_id = d.present FROM (
       SELECT id, coalesce(connection_id, '') AS present FROM document WHERE id IN (${sql.dialect.texts()})) AS d
     WHERE document_id = d.id AND connection_id <> d.present`,
    ids,
  );
  const rows = await sql.all<{ id: string; key: string | null; is_back: number }>(
    `SELECT d.id, o.key, CASE WHEN o.key IS NOT NULL AND (${VERSION.etag} IS DISTINCT FROM x.seen_etag
         OR (x.seen_etag = '' AND ${VERSION.modified} IS DISTINCT FROM x.seen_modified)) THEN 1 ELSE 0 END AS is_back
     FROM deleted_document x JOIN document d ON d.id = x.document_id LEFT JOIN ${OBJECT}
     WHERE x.connection_id = ? AND d.id IN (${sql.dialect.texts()}) ORDER BY d.id`,
    connectionId,
    ids,
  );
  return rows.map(({ id, key, is_back }) => ({ id, key, isBack: is_back === 1 }));
}

/** These documents are no longer deleted: their objects have changed. */
export async function unmarkDeleted({ sql }: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.run(`DELETE FROM deleted_document WHERE document_id IN (${sql.dialect.texts()})`, jsonText(ids));
}

/** The objects of deleted documents are skipped until they change. */
export async function skipDeleted({ sql }: Tx, connectionId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await sql.run(
    `UPDATE object AS o SET outcome = 'skipped', reason = 'deleted_by_person', stage = NULL, message = NULL,
       detected = NULL, seen_etag = ${VERSION.etag}, seen_modified = ${VERSION.modified}, document_id = NULL, stored_etag = NULL,
       stored_size_bytes = NULL, stored_modified = NULL, stored_tags = NULL, attempts = 0, next_try_at = NULL,
       is_absence_kept = FALSE, missing_since_run = NULL, missing_since = NULL, wanted_run = NULL, wanted_tags = NULL,
       wanted_batch = NULL
     WHERE o.connection_id = ? AND ${sql.dialect.isIn("o.key", sql.dialect.texts())}`,
    connectionId,
    jsonText(keys),
  );
}
