import { endOfPrefix } from "@/lib/core/bytes-order";
import type { Tx } from "../database";
import { NOT_DELETED } from "./deleted-documents";
import type { SqlDialect } from "./dialect";
import { jsonText } from "./json-text";

export type DocumentScope = {
  /** The document has all of these; empty is no filter. */
  tags: readonly string[];
  /** The document has at least one of these; null is no limit, empty lets nothing through. */
  allowedTags: readonly string[] | null;
  connectionId: string | null;
  /** Only documents of connections; those that came by API have none. */
  isConnectedOnly: boolean;
  statuses: readonly string[] | null;
  /** Only documents whose object could not be read: without text, or stale. */
  isFailingOnly: boolean;
  /** The object's key, or the beginning of keys when it ends with a slash. */
  key: string | null;
  /** Part of the title or of the key, whatever the case of ASCII letters. */
  text: string | null;
};

export const EVERY_DOCUMENT: DocumentScope = {
  tags: [],
  allowedTags: null,
  connectionId: null,
  isConnectedOnly: false,
  statuses: null,
  isFailingOnly: false,
  key: null,
  text: null,
};

export type DocumentOrder = { by: "createdAt" | "updatedAt"; direction: "asc" | "desc" };

/** One page of document ids with the number of all that are in scope. */
export async function findDocumentIds(
  tx: Tx,
  args: { scope: DocumentScope; order: DocumentOrder; limit: number; offset: number },
): Promise<{ ids: string[]; total: number }> {
  const { sql } = tx;
  const { where, bindings } = await openScope(tx, args.scope);
  const column = args.order.by === "createdAt" ? "d.created_at" : "d.updated_at";
  const direction = args.order.direction === "asc" ? "ASC" : "DESC";
  const rows = await sql.all<{ id: string }>(
    `SELECT d.id FROM document d WHERE ${where} ORDER BY ${column} ${direction}, d.id ${direction} LIMIT ? OFFSET ?`,
    ...bindings,
    args.limit,
    args.offset,
  );
  const count = await sql.get<{ total: number }>(
    `SELECT count(*) AS total FROM document d WHERE ${where}`,
    ...bindings,
  );
  return { ids: rows.map((row) => row.id), total: count?.total ?? 0 };
}

/** Ids and metadata of all documents in scope, in order; for filters that SQL does not know. */
export async function readMetadata(
  tx: Tx,
  args: { scope: DocumentScope; order: DocumentOrder },
): Promise<{ id: string; metadata: string }[]> {
  const { where, bindings } = await openScope(tx, args.scope);
  const column = args.order.by === "createdAt" ? "d.created_at" : "d.updated_at";
  const direction = args.order.direction === "asc" ? "ASC" : "DESC";
  return tx.sql.all(
    `SELECT d.id, d.metadata FROM document d WHERE ${where} ORDER BY ${column} ${direction}, d.id ${direction}`,
    ...bindings,
  );
}

/** Documents the caller may see that are known by this id or custom id. */
export async function findDocumentsByReference(
  tx: Tx,
  args: { reference: string; allowedTags: readonly string[] | null },
): Promise<string[]> {
  const scope = { ...EVERY_DOCUMENT, allowedTags: args.allowedTags };
  const { where, bindings } = await openScope(tx, scope);
  const rows = await tx.sql.all<{ id: string }>(
    `SELECT d.id FROM document d WHERE (d.id = ? OR d.custom_id = ?) AND ${where}
     ORDER BY d.id = ? DESC, d.created_at`,
    args.reference,
    args.reference,
    ...bindings,
    args.reference,
  );
  const isId = rows[0]?.id === args.reference;
  return isId ? [args.reference] : rows.map((row) => row.id);
}

/** Deleted documents are left out by looking each one up, which a count of all would feel: so only while there are any. */
async function openScope({ sql }: Tx, scope: DocumentScope): Promise<{ where: string; bindings: string[] }> {
  const { where, bindings } = scopeCondition(sql.dialect, scope);
  const isPlain = (await sql.get(`SELECT 1 AS found FROM deleted_document LIMIT 1`)) === undefined;
  return { where: isPlain ? where : `${where} AND ${NOT_DELETED}`, bindings };
}

function scopeCondition(dialect: SqlDialect, scope: DocumentScope): { where: string; bindings: string[] } {
  // What is being removed with its connection is gone for everybody from the first moment.
  const conditions = [
    `(d.connection_id IS NULL OR d.connection_id NOT IN (SELECT id FROM connection WHERE deleted_documents = 'remove'))`,
  ];
  const bindings: string[] = [];
  const add = (condition: string, ...values: string[]) => {
    conditions.push(condition);
    bindings.push(...values);
  };
  for (const tag of scope.tags) {
    add(`EXISTS (SELECT 1 FROM document_tag t WHERE t.document_serial = d.serial AND t.tag = ?)`, tag);
  }
  if (scope.allowedTags !== null) {
    add(
      `EXISTS (SELECT 1 FROM document_tag t WHERE t.document_serial = d.serial AND t.tag IN (${dialect.texts()}))`,
      jsonText(scope.allowedTags),
    );
  }
  if (scope.connectionId !== null) add(`d.connection_id = ?`, scope.connectionId);
  if (scope.isConnectedOnly) add(`d.connection_id IS NOT NULL`);
  if (scope.statuses !== null) add(`d.status IN (${dialect.texts()})`, jsonText(scope.statuses));
  if (scope.isFailingOnly) add(`(d.status = 'failed' OR d.stale_since IS NOT NULL)`);
  if (scope.key?.endsWith("/"))
    add(`d.object_key >= ? AND d.object_key < ?`, scope.key, endOfPrefix(scope.key) ?? "");
  else if (scope.key !== null) add(`d.object_key = ?`, scope.key);
  if (scope.text !== null) {
    const pattern = `%${scope.text.replace(/[\\%_]/g, "\\$&")}%`;
    const { like } = dialect;
    add(`(d.title ${like} ? ESCAPE '\\' OR d.object_key ${like} ? ESCAPE '\\')`, pattern, pattern);
  }
  return { where: conditions.join(" AND "), bindings };
}
