-- Objects are asked for by their outcome only where they failed or are over the limit, and those are few. One that is
-- queued and then stored never stands in this index, which saves a first sync three writes for each object.
DROP INDEX "object_connection_id_outcome_idx";
CREATE INDEX "object_failed_or_over_limit" ON "object"("connection_id", "outcome", "key") WHERE "outcome" = 'failed' OR "outcome" = 'over_limit';
