-- What failed before and is not yet tried again has a change row in each run, as every other failure. A run that is under
-- way goes on without those that it has counted until now.
UPDATE "listing_range" SET "listed" = "listed" - "failed"
WHERE "run_id" IN (SELECT "id" FROM "sync_run" WHERE "status" IN ('queued', 'running'));
ALTER TABLE "listing_range" DROP COLUMN "failed";
