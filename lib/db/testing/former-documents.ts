/** The migration from which on tags and chunks lead to their documents by number. */
export const SERIALS_MIGRATION = "20261127000000_serials";

/** Documents as they stood before that, with all that belongs to one; none in the order of the ids. */
export const FORMER_DOCUMENTS = `
  INSERT INTO document (id, connection_id, object_key, title, type, status, content, metadata, created_at, updated_at) VALUES
    ('z', 'c', 'k', 'Zed', 'text', 'done', 'zeta', '{"a":1}', 1, 2), ('a', NULL, NULL, 'Ay', 'text', 'done', 'alpha beta', '{}', 3, 4),
    ('m', 'c', 'l', NULL, 'text', 'failed', NULL, '{}', 5, 6);
  INSERT INTO document_tag (document_id, tag) VALUES ('z', 'one'), ('z', 'two'), ('a', 'one');
  INSERT INTO chunk (id, document_id, position, content, phase) VALUES
    (5, 'a', 0, 'alpha', 'live'), (6, 'a', 1, 'beta', 'live'), (7, 'z', 0, 'zeta', 'retired');
  INSERT INTO deleted_document (document_id, connection_id, seen_etag) VALUES ('m', 'c', '"e"');
  INSERT INTO tag_deletion (id, tags, asked_at, after_document_id) VALUES ('t', '["one"]', 1, 'm')`;

/** The same documents, a text each with what belongs to it. */
export const DOCUMENTS_NOW = `
  SELECT d.id || ' ' || coalesce(d.title, '-') || ' ' || coalesce(d.object_key, '-') || ' ' || d.metadata || ' ' || d.updated_at
    || ': ' || coalesce((SELECT string_agg(t.tag, ',' ORDER BY t.tag) FROM document_tag t WHERE t.document_serial = d.serial), '-')
    || ': ' || coalesce((SELECT string_agg(c.id || c.content || CASE WHEN c.version = d.chunk_version THEN 'found' ELSE
        (SELECT h.phase FROM hidden_chunks h WHERE h.document_serial = d.serial AND h.version = c.version) END, ',' ORDER BY c.id)
      FROM chunk c WHERE c.document_serial = d.serial), '-')
    || ': ' || coalesce((SELECT x.seen_etag FROM deleted_document x WHERE x.document_id = d.id), '-')
    || ': ' || (SELECT after_serial FROM tag_deletion) AS line
  FROM document d ORDER BY d.id`;

export const DOCUMENT_LINES = [
  "a Ay - {} 4: one: 5alphafound,6betafound: -: 0",
  'm - l {} 6: -: -: "e": 0',
  'z Zed k {"a":1} 2: one,two: 7zetaretired: -: 0',
];

/** Takes a document with its tags. The hidden chunks stay until they are deleted. */
export const DROP_ONE = `DELETE FROM document WHERE id = 'z'`;
export const LEFT_OF_IT = `
  SELECT (SELECT count(*) FROM document_tag) AS tags, (SELECT count(*) FROM chunk) AS chunks,
    (SELECT count(*) FROM deleted_document) AS deleted`;
