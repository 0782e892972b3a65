-- Every text compares by its bytes, as S3 sorts its keys, whatever the collation of the database. A test reads it back.

CREATE TABLE "connection" (
    "id" TEXT COLLATE "C" NOT NULL,
    "provider" TEXT COLLATE "C" NOT NULL DEFAULT 's3',
    "bucket" TEXT COLLATE "C" NOT NULL,
    "region" TEXT COLLATE "C" NOT NULL,
    "endpoint" TEXT COLLATE "C",
    "addressing_style" TEXT COLLATE "C" NOT NULL,
    "prefix" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "container_tag_regex" TEXT COLLATE "C",
    "tag_fallback" TEXT COLLATE "C" NOT NULL DEFAULT 'connection_tags',
    "document_limit" INTEGER NOT NULL,
    "deletion_policy" TEXT COLLATE "C" NOT NULL DEFAULT 'remove',
    "schedule_kind" TEXT COLLATE "C" NOT NULL DEFAULT 'interval',
    "schedule_cron" TEXT COLLATE "C",
    "schedule_time_zone" TEXT COLLATE "C",
    "next_run_at" BIGINT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "sealed_credentials" TEXT COLLATE "C" NOT NULL,
    "metadata" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "listing_order" TEXT COLLATE "C" NOT NULL DEFAULT 'sorted',
    "failure_streak" INTEGER NOT NULL DEFAULT 0,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "deleted_at" BIGINT,
    "deleted_documents" TEXT COLLATE "C",
    "schedule_interval_ms" BIGINT,
    "include_globs" TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    "exclude_globs" TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    "extensions" TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    "size_bytes_min" BIGINT,
    "size_bytes_max" BIGINT,
    "credentials_kind" TEXT COLLATE "C" NOT NULL DEFAULT 'keys',
    "ca_pem" TEXT COLLATE "C",
    "request_rate_max" INTEGER,
    "listing_cuts" TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    "is_reread_owed" BOOLEAN NOT NULL DEFAULT FALSE,
    "paused_at" BIGINT,
    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "connection_deleted_at_next_run_at_idx" ON "connection"("deleted_at", "next_run_at");

CREATE TABLE "connection_tag" (
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "tag" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "connection_tag_pkey" PRIMARY KEY ("connection_id", "position"),
    CONSTRAINT "connection_tag_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "connection_tag_tag_idx" ON "connection_tag"("tag");

CREATE TABLE "sync_run" (
    "id" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "revision" INTEGER NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL DEFAULT 'sync',
    "trigger" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "requested_by" TEXT COLLATE "C" NOT NULL,
    "settings" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "queued_at" BIGINT NOT NULL,
    "started_at" BIGINT,
    "completed_at" BIGINT,
    "lease_token" TEXT COLLATE "C",
    "lease_until" BIGINT,
    "listing_started_at" BIGINT,
    "listed_at" BIGINT,
    "error_code" TEXT COLLATE "C",
    "error" TEXT COLLATE "C",
    "tally" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "list_requests" INTEGER NOT NULL DEFAULT 0,
    "get_requests" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,
    "bytes_listed" BIGINT NOT NULL DEFAULT 0,
    "retried_requests" INTEGER NOT NULL DEFAULT 0,
    "throttled_answers" INTEGER NOT NULL DEFAULT 0,
    "stage_ms" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "cancel_asked_at" BIGINT,
    "plan_run_id" TEXT COLLATE "C",
    CONSTRAINT "sync_run_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sync_run_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "sync_run_connection_id_queued_at_idx" ON "sync_run"("connection_id", "queued_at");
CREATE INDEX "sync_run_status_queued_at_idx" ON "sync_run"("status", "queued_at");

CREATE TABLE "listing_range" (
    "run_id" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "after_key" TEXT COLLATE "C" NOT NULL,
    "until_key" TEXT COLLATE "C",
    "cursor_key" TEXT COLLATE "C",
    "status" TEXT COLLATE "C" NOT NULL,
    "listed" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "over_limit" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    CONSTRAINT "listing_range_pkey" PRIMARY KEY ("run_id", "position"),
    CONSTRAINT "listing_range_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_run"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "read_batch" (
    "run_id" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "lease_token" TEXT COLLATE "C",
    "lease_until" BIGINT,
    CONSTRAINT "read_batch_pkey" PRIMARY KEY ("run_id", "position"),
    CONSTRAINT "read_batch_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_run"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "read_batch_lease_until_idx" ON "read_batch"("lease_until");

CREATE TABLE "object" (
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "listed_etag" TEXT COLLATE "C" NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "last_modified" BIGINT NOT NULL,
    "storage_class" TEXT COLLATE "C" NOT NULL,
    "stored_etag" TEXT COLLATE "C",
    "stored_size_bytes" BIGINT,
    "stored_modified" BIGINT,
    "stored_tags" TEXT COLLATE "C",
    "outcome" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C",
    "message" TEXT COLLATE "C",
    "seen_etag" TEXT COLLATE "C",
    "extractor_version" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" BIGINT,
    "missing_since_run" TEXT COLLATE "C",
    "missing_since" BIGINT,
    "is_absence_kept" BOOLEAN NOT NULL DEFAULT false,
    "document_id" TEXT COLLATE "C",
    "wanted_run" TEXT COLLATE "C",
    "wanted_tags" TEXT COLLATE "C",
    "stage" TEXT COLLATE "C",
    "seen_modified" BIGINT,
    "wanted_batch" INTEGER,
    CONSTRAINT "object_pkey" PRIMARY KEY ("connection_id", "key")
);

CREATE INDEX "object_connection_id_outcome_idx" ON "object"("connection_id", "outcome", "key");

CREATE TABLE "staged_object" (
    "run_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "etag" TEXT COLLATE "C" NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "last_modified" BIGINT NOT NULL,
    "storage_class" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "staged_object_pkey" PRIMARY KEY ("run_id", "key")
);

CREATE TABLE "run_change" (
    "run_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C",
    "stage" TEXT COLLATE "C",
    "message" TEXT COLLATE "C",
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" BIGINT,
    "at" BIGINT NOT NULL,
    "etag" TEXT COLLATE "C",
    "size_bytes" BIGINT,
    CONSTRAINT "run_change_pkey" PRIMARY KEY ("run_id", "key"),
    CONSTRAINT "run_change_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_run"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "run_change_run_id_kind_key_idx" ON "run_change"("run_id", "kind", "key");

CREATE TABLE "hold" (
    "id" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "run_id" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "decided_at" BIGINT,
    "decided_by" TEXT COLLATE "C",
    CONSTRAINT "hold_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "hold_connection_id_status_idx" ON "hold"("connection_id", "status");

CREATE TABLE "hold_key" (
    "hold_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "hold_key_pkey" PRIMARY KEY ("hold_id", "key"),
    CONSTRAINT "hold_key_hold_id_fkey" FOREIGN KEY ("hold_id") REFERENCES "hold"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "document" (
    "id" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C",
    "object_key" TEXT COLLATE "C",
    "origin" TEXT COLLATE "C",
    "custom_id" TEXT COLLATE "C",
    "title" TEXT COLLATE "C",
    "type" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "content" TEXT COLLATE "C",
    "summary" TEXT COLLATE "C",
    "content_hash" TEXT COLLATE "C",
    "url" TEXT COLLATE "C",
    "metadata" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "source_etag" TEXT COLLATE "C",
    "size_bytes" BIGINT,
    "source_modified" BIGINT,
    "extractor_version" INTEGER NOT NULL DEFAULT 0,
    "chunk_count" INTEGER NOT NULL DEFAULT 0,
    "is_cut" BOOLEAN NOT NULL DEFAULT false,
    "stale_since" BIGINT,
    "error" TEXT COLLATE "C",
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    CONSTRAINT "document_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "document_connection_id_object_key_idx" ON "document"("connection_id", "object_key");
CREATE INDEX "document_custom_id_idx" ON "document"("custom_id");
CREATE INDEX "document_created_at_idx" ON "document"("created_at");
CREATE INDEX "document_updated_at_idx" ON "document"("updated_at");
CREATE INDEX "document_kept" ON "document"("origin") WHERE "connection_id" IS NULL;

CREATE TABLE "document_tag" (
    "document_id" TEXT COLLATE "C" NOT NULL,
    "tag" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "document_tag_pkey" PRIMARY KEY ("document_id", "tag"),
    CONSTRAINT "document_tag_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "document_tag_tag_document_id_idx" ON "document_tag"("tag", "document_id");

CREATE TABLE "chunk" (
    "id" INTEGER GENERATED BY DEFAULT AS IDENTITY,
    "document_id" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "content" TEXT COLLATE "C" NOT NULL,
    "phase" TEXT COLLATE "C" NOT NULL DEFAULT 'live',
    CONSTRAINT "chunk_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "chunk_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "chunk_document_id_position_idx" ON "chunk"("document_id", "position");

CREATE TABLE "api_key" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "prefix" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "tags" TEXT COLLATE "C",
    "created_by" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "last_used_at" BIGINT,
    "revoked_at" BIGINT,
    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

CREATE TABLE "administrator" (
    "id" TEXT COLLATE "C" NOT NULL,
    "seat" INTEGER NOT NULL DEFAULT 1,
    "email" TEXT COLLATE "C" NOT NULL,
    "password_hash" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    CONSTRAINT "administrator_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "administrator_seat_key" ON "administrator"("seat");
CREATE UNIQUE INDEX "administrator_email_key" ON "administrator"("email");

CREATE TABLE "session" (
    "id" TEXT COLLATE "C" NOT NULL,
    "administrator_id" TEXT COLLATE "C" NOT NULL,
    "token_hash" TEXT COLLATE "C" NOT NULL,
    "user_agent" TEXT COLLATE "C" NOT NULL,
    "address" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "seen_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    CONSTRAINT "session_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "session_administrator_id_fkey" FOREIGN KEY ("administrator_id") REFERENCES "administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");
CREATE INDEX "session_administrator_id_idx" ON "session"("administrator_id");

CREATE TABLE "attempt" (
    "id" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "attempt_subject_at_idx" ON "attempt"("subject", "at");

CREATE TABLE "audit_entry" (
    "id" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,
    "actor_kind" TEXT COLLATE "C" NOT NULL,
    "actor_id" TEXT COLLATE "C",
    "actor_label" TEXT COLLATE "C" NOT NULL,
    "address" TEXT COLLATE "C",
    "action" TEXT COLLATE "C" NOT NULL,
    "subject_kind" TEXT COLLATE "C" NOT NULL,
    "subject_id" TEXT COLLATE "C" NOT NULL,
    "before" TEXT COLLATE "C",
    "after" TEXT COLLATE "C",
    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");
CREATE INDEX "audit_entry_subject_kind_subject_id_idx" ON "audit_entry"("subject_kind", "subject_id");

CREATE TABLE "setting" (
    "key" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "updated_at" BIGINT NOT NULL,
    CONSTRAINT "setting_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "worker_heartbeat" (
    "id" TEXT COLLATE "C" NOT NULL,
    "host" TEXT COLLATE "C" NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" BIGINT NOT NULL,
    "seen_at" BIGINT NOT NULL,
    CONSTRAINT "worker_heartbeat_pkey" PRIMARY KEY ("id")
);

-- One queued and one running run for each connection, however many processes ask.
CREATE UNIQUE INDEX "sync_run_queued_once" ON "sync_run"("connection_id") WHERE "status" = 'queued';
CREATE UNIQUE INDEX "sync_run_running_once" ON "sync_run"("connection_id") WHERE "status" = 'running';

-- One open hold for each connection.
CREATE UNIQUE INDEX "hold_open_once" ON "hold"("connection_id") WHERE "status" IN ('open', 'approved');

-- Few rows of a manifest are marked absent.
CREATE INDEX "object_missing" ON "object"("connection_id", "missing_since_run", "key") WHERE "missing_since_run" IS NOT NULL;

-- Only what waits to be read stands in it.
CREATE INDEX "object_to_read" ON "object"("wanted_run", "wanted_batch", "key") WHERE "outcome" = 'queued';

-- Pieces of long documents on their way in or out; there are few.
CREATE INDEX "chunk_not_live" ON "chunk"("phase", "document_id") WHERE "phase" <> 'live';

-- Search: our own tokens with their places, those of the title with weight A. Ranking reads them of every chunk it
-- looks at, so they stay in their row, uncompressed, where they fit a page.
CREATE TABLE "chunk_index" (
    "chunk_id" INTEGER NOT NULL,
    "tokens" TSVECTOR NOT NULL,
    CONSTRAINT "chunk_index_pkey" PRIMARY KEY ("chunk_id"),
    CONSTRAINT "chunk_index_chunk_id_fkey" FOREIGN KEY ("chunk_id") REFERENCES "chunk"("id") ON DELETE CASCADE
) WITH (toast_tuple_target = 8160);
CREATE INDEX "chunk_index_tokens" ON "chunk_index" USING GIN ("tokens");
