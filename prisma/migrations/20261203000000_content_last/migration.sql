-- SQLite keeps a long row in a chain of pages and reads it from the front, so whatever stands behind a text of megabytes
-- costs all of its pages. What is read of every document that a search meets, or that a list goes through, stands in the
-- row's first page, and the text comes last.
ALTER TABLE "document" RENAME TO "former_document";
ALTER TABLE "document_tag" RENAME TO "former_document_tag";
ALTER TABLE "deleted_document" RENAME TO "former_deleted_document";

CREATE TABLE "document" (
    "serial" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "connection_id" TEXT,
    "chunk_version" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL,
    "stale_since" BIGINT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "title" TEXT,
    "object_key" TEXT,
    "metadata" TEXT NOT NULL DEFAULT '{}',
    "type" TEXT NOT NULL,
    "size_bytes" BIGINT,
    "source_modified" BIGINT,
    "extractor_version" INTEGER NOT NULL DEFAULT 0,
    "chunk_count" INTEGER NOT NULL DEFAULT 0,
    "is_cut" BOOLEAN NOT NULL DEFAULT false,
    "origin" TEXT,
    "custom_id" TEXT,
    "url" TEXT,
    "source_etag" TEXT,
    "content_hash" TEXT,
    "error" TEXT,
    "summary" TEXT,
    "content" TEXT
);
INSERT INTO "document" (
    "serial", "id", "connection_id", "chunk_version", "status", "stale_since", "created_at", "updated_at", "title",
    "object_key", "metadata", "type", "size_bytes", "source_modified", "extractor_version", "chunk_count", "is_cut",
    "origin", "custom_id", "url", "source_etag", "content_hash", "error", "summary", "content")
SELECT
    "serial", "id", "connection_id", "chunk_version", "status", "stale_since", "created_at", "updated_at", "title",
    "object_key", "metadata", "type", "size_bytes", "source_modified", "extractor_version", "chunk_count", "is_cut",
    "origin", "custom_id", "url", "source_etag", "content_hash", "error", "summary", "content"
FROM "former_document" ORDER BY "serial";

-- Documents are referred to by their id, which has to be unique before the first row does.
DROP INDEX "document_id_key";
CREATE UNIQUE INDEX "document_id_key" ON "document"("id");

CREATE TABLE "document_tag" (
    "document_serial" BIGINT NOT NULL,
    "tag" TEXT NOT NULL,
    PRIMARY KEY ("document_serial", "tag"),
    CONSTRAINT "document_tag_document_serial_fkey" FOREIGN KEY ("document_serial") REFERENCES "document" ("serial") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
INSERT INTO "document_tag" ("document_serial", "tag")
SELECT "document_serial", "tag" FROM "former_document_tag" ORDER BY "document_serial", "tag";

CREATE TABLE "deleted_document" (
    "document_id" TEXT NOT NULL PRIMARY KEY,
    "connection_id" TEXT NOT NULL,
    "seen_etag" TEXT,
    "seen_modified" BIGINT,
    CONSTRAINT "deleted_document_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
INSERT INTO "deleted_document" ("document_id", "connection_id", "seen_etag", "seen_modified")
SELECT "document_id", "connection_id", "seen_etag", "seen_modified" FROM "former_deleted_document" ORDER BY "document_id";

-- Those that refer to others first; their indexes go with them and leave their names.
DROP TABLE "former_document_tag";
DROP TABLE "former_deleted_document";
DROP TABLE "former_document";

CREATE INDEX "document_connection_id_object_key_idx" ON "document"("connection_id", "object_key");
CREATE INDEX "document_custom_id_idx" ON "document"("custom_id");
CREATE INDEX "document_created_at_idx" ON "document"("created_at");
CREATE INDEX "document_updated_at_idx" ON "document"("updated_at");
CREATE INDEX "document_kept" ON "document"("origin", "object_key") WHERE "connection_id" IS NULL;
CREATE INDEX "document_cut" ON "document"("connection_id") WHERE "is_cut";
CREATE INDEX "document_tag_tag_document_serial_idx" ON "document_tag"("tag", "document_serial");
CREATE INDEX "deleted_document_connection_id_document_id_idx" ON "deleted_document"("connection_id", "document_id");
