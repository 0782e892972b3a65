-- Documents whose text was too long to be kept whole are few, and their number stands beside each connection.
CREATE INDEX "document_cut" ON "document"("connection_id") WHERE "is_cut";
