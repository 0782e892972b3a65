-- What the check has found out of the store; null where nobody could tell.
ALTER TABLE "connection" ADD COLUMN "is_if_match_honoured" BOOLEAN;

-- Documents that a person or program deleted, from that moment until their rows are gone.
CREATE TABLE "deleted_document" (
    "document_id" TEXT NOT NULL PRIMARY KEY,
    "connection_id" TEXT NOT NULL,
    "seen_etag" TEXT,
    "seen_modified" BIGINT,
    CONSTRAINT "deleted_document_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
CREATE INDEX "deleted_document_connection_id_document_id_idx" ON "deleted_document"("connection_id", "document_id");

-- A deletion by container tags, until all of its documents are marked.
CREATE TABLE "tag_deletion" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tags" TEXT NOT NULL,
    "asked_at" BIGINT NOT NULL,
    "after_document_id" TEXT NOT NULL DEFAULT ''
);
