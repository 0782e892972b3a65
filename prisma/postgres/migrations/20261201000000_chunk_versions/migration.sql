-- A document names the version of its chunks that is found, so that it changes or goes in a moment, however many it has.
-- Chunks of another version are hidden, and are deleted piece by piece; by then their document may be gone.
ALTER TABLE "document" ADD COLUMN "chunk_version" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "hidden_chunks" (
    "document_serial" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "phase" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "hidden_chunks_pkey" PRIMARY KEY ("document_serial", "version")
);
INSERT INTO "hidden_chunks" ("document_serial", "version", "phase")
SELECT DISTINCT "document_serial", 1, 'retired' FROM "chunk" WHERE "phase" <> 'live';

ALTER TABLE "chunk" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
UPDATE "chunk" SET "version" = 1 WHERE "phase" <> 'live';
ALTER TABLE "chunk" DROP CONSTRAINT "chunk_document_serial_fkey";
DROP INDEX "chunk_not_live";
ALTER TABLE "chunk" DROP COLUMN "phase";
DROP INDEX "chunk_document_serial_position_idx";
CREATE INDEX "chunk_document_serial_version_idx" ON "chunk"("document_serial", "version");
