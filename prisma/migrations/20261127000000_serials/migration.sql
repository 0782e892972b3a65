-- Tags and chunks lead to their document by a number that counts documents as they come, not by its id. Ids are random,
-- so each row of a batch changed a page of its own in every index; now they stand side by side. A number that is the
-- primary key is SQLite's own row id and costs no index.
ALTER TABLE "document" RENAME TO "former_document";
ALTER TABLE "document_tag" RENAME TO "former_document_tag";
ALTER TABLE "chunk" RENAME TO "former_chunk";
ALTER TABLE "deleted_document" RENAME TO "former_deleted_document";

CREATE TABLE "document" (
    "serial" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "connection_id" TEXT,
    "object_key" TEXT,
    "origin" TEXT,
    "custom_id" TEXT,
    "title" TEXT,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "content" TEXT,
    "summary" TEXT,
    "content_hash" TEXT,
    "url" TEXT,
    "metadata" TEXT NOT NULL DEFAULT '{}',
    "source_etag" TEXT,
    "size_bytes" BIGINT,
    "source_modified" BIGINT,
    "extractor_version" INTEGER NOT NULL DEFAULT 0,
    "chunk_count" INTEGER NOT NULL DEFAULT 0,
    "is_cut" BOOLEAN NOT NULL DEFAULT false,
    "stale_since" BIGINT,
    "error" TEXT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL
);
INSERT INTO "document" (
    "serial", "id", "connection_id", "object_key", "origin", "custom_id", "title", "type", "status", "content", "summary",
    "content_hash", "url", "metadata", "source_etag", "size_bytes", "source_modified", "extractor_version",
    "chunk_count", "is_cut", "stale_since", "error", "created_at", "updated_at")
SELECT
    "rowid", "id", "connection_id", "object_key", "origin", "custom_id", "title", "type", "status", "content", "summary",
    "content_hash", "url", "metadata", "source_etag", "size_bytes", "source_modified", "extractor_version",
    "chunk_count", "is_cut", "stale_since", "error", "created_at", "updated_at"
FROM "former_document" ORDER BY "rowid";
CREATE UNIQUE INDEX "document_id_key" ON "document"("id");

CREATE TABLE "document_tag" (
    "document_serial" BIGINT NOT NULL,
    "tag" TEXT NOT NULL,
    PRIMARY KEY ("document_serial", "tag"),
    CONSTRAINT "document_tag_document_serial_fkey" FOREIGN KEY ("document_serial") REFERENCES "document" ("serial") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
INSERT INTO "document_tag" ("document_serial", "tag")
SELECT d."serial", t."tag" FROM "document" AS d CROSS JOIN "former_document_tag" AS t ON t."document_id" = d."id"
ORDER BY d."serial", t."tag";

CREATE TABLE "chunk" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "document_serial" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "content" TEXT NOT NULL,
    "phase" TEXT NOT NULL DEFAULT 'live',
    CONSTRAINT "chunk_document_serial_fkey" FOREIGN KEY ("document_serial") REFERENCES "document" ("serial") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "chunk" ("id", "document_serial", "position", "content", "phase")
SELECT c."id", d."serial", c."position", c."content", c."phase"
FROM "former_chunk" AS c CROSS JOIN "document" AS d ON d."id" = c."document_id" ORDER BY c."id";

CREATE TABLE "deleted_document" (
    "document_id" TEXT NOT NULL PRIMARY KEY,
    "connection_id" TEXT NOT NULL,
    "seen_etag" TEXT,
    "seen_modified" BIGINT,
    CONSTRAINT "deleted_document_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
INSERT INTO "deleted_document" ("document_id", "connection_id", "seen_etag", "seen_modified")
SELECT "document_id", "connection_id", "seen_etag", "seen_modified" FROM "former_deleted_document";

-- Those that refer to others first; their indexes go with them and leave their names.
DROP TABLE "former_document_tag";
DROP TABLE "former_chunk";
DROP TABLE "former_deleted_document";
DROP TABLE "former_document";

CREATE INDEX "document_connection_id_object_key_idx" ON "document"("connection_id", "object_key");
CREATE INDEX "document_custom_id_idx" ON "document"("custom_id");
CREATE INDEX "document_created_at_idx" ON "document"("created_at");
CREATE INDEX "document_updated_at_idx" ON "document"("updated_at");
CREATE INDEX "document_kept" ON "document"("origin", "object_key") WHERE "connection_id" IS NULL;
CREATE INDEX "document_tag_tag_document_serial_idx" ON "document_tag"("tag", "document_serial");
CREATE INDEX "chunk_document_serial_position_idx" ON "chunk"("document_serial", "position");
-- Pieces of long documents on their way in or out; there are few.
CREATE INDEX "chunk_not_live" ON "chunk"("phase", "document_serial") WHERE "phase" <> 'live';
CREATE INDEX "deleted_document_connection_id_document_id_idx" ON "deleted_document"("connection_id", "document_id");

-- A deletion that was under way goes through its documents once more.
ALTER TABLE "tag_deletion" DROP COLUMN "after_document_id";
ALTER TABLE "tag_deletion" ADD COLUMN "after_serial" BIGINT NOT NULL DEFAULT 0;
