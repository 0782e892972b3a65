-- Documents without a connection are adopted in the order of their keys, some at a time.
DROP INDEX "document_kept";
CREATE INDEX "document_kept" ON "document"("origin", "object_key") WHERE "connection_id" IS NULL;
