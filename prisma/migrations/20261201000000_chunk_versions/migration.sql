-- A document names the version of its chunks that is found, so that it changes or goes in a moment, however many it has.
-- Chunks of another version are hidden, and are deleted piece by piece; by then their document may be gone.
ALTER TABLE "document" ADD COLUMN "chunk_version" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "hidden_chunks" (
    "document_serial" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    PRIMARY KEY ("document_serial", "version")
) WITHOUT ROWID;
INSERT INTO "hidden_chunks" ("document_serial", "version", "phase")
SELECT DISTINCT "document_serial", 1, 'retired' FROM "chunk" WHERE "phase" <> 'live';

ALTER TABLE "chunk" RENAME TO "former_chunk";
CREATE TABLE "chunk" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "document_serial" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL,
    "content" TEXT NOT NULL
);
INSERT INTO "chunk" ("id", "document_serial", "version", "position", "content")
SELECT "id", "document_serial", CASE WHEN "phase" = 'live' THEN 0 ELSE 1 END, "position", "content"
FROM "former_chunk" ORDER BY "id";
DROP TABLE "former_chunk";
CREATE INDEX "chunk_document_serial_version_idx" ON "chunk"("document_serial", "version");
