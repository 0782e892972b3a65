-- Versions that are staged are few, and what is abandoned is looked for among them alone, however many are retired.
CREATE INDEX "hidden_chunks_staged" ON "hidden_chunks"("document_serial") WHERE "phase" = 'staged';
