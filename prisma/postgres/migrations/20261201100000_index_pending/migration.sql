-- Inserts put what they add to the index aside; sorting it in takes a tenth of a second for 4 MB, which was left to the
-- transaction that happened to fill them. The worker has it sorted in every second, and this is only what is put aside
-- when no worker does.
ALTER INDEX "chunk_index_tokens" SET (gin_pending_list_limit = 65536);
