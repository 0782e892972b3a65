CREATE TABLE "connection" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "provider" TEXT NOT NULL DEFAULT 's3',
    "bucket" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "endpoint" TEXT,
    "addressing_style" TEXT NOT NULL,
    "prefix" TEXT NOT NULL DEFAULT '',
    "container_tag_regex" TEXT,
    "tag_fallback" TEXT NOT NULL DEFAULT 'connection_tags',
    "document_limit" INTEGER NOT NULL,
    "deletion_policy" TEXT NOT NULL DEFAULT 'remove',
    "schedule_kind" TEXT NOT NULL DEFAULT 'interval',
    "schedule_cron" TEXT,
    "schedule_time_zone" TEXT,
    "next_run_at" BIGINT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "sealed_credentials" TEXT NOT NULL,
    "metadata" TEXT NOT NULL DEFAULT '{}',
    "listing_order" TEXT NOT NULL DEFAULT 'sorted',
    "failure_streak" INTEGER NOT NULL DEFAULT 0,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "deleted_at" BIGINT,
    "deleted_documents" TEXT
);
CREATE INDEX "connection_deleted_at_next_run_at_idx" ON "connection"("deleted_at", "next_run_at");

CREATE TABLE "connection_tag" (
    "connection_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "tag" TEXT NOT NULL,
    PRIMARY KEY ("connection_id", "position"),
    CONSTRAINT "connection_tag_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "connection_tag_tag_idx" ON "connection_tag"("tag");

CREATE TABLE "sync_run" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "connection_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'sync',
    "trigger" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "settings" TEXT NOT NULL DEFAULT '{}',
    "queued_at" BIGINT NOT NULL,
    "started_at" BIGINT,
    "completed_at" BIGINT,
    "lease_token" TEXT,
    "lease_until" BIGINT,
    "listing_started_at" BIGINT,
    "listed_at" BIGINT,
    "error_code" TEXT,
    "error" TEXT,
    "tally" TEXT NOT NULL DEFAULT '{}',
    "list_requests" INTEGER NOT NULL DEFAULT 0,
    "get_requests" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "sync_run_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "sync_run_connection_id_queued_at_idx" ON "sync_run"("connection_id", "queued_at");
CREATE INDEX "sync_run_status_queued_at_idx" ON "sync_run"("status", "queued_at");

CREATE TABLE "listing_range" (
    "run_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "after_key" TEXT NOT NULL,
    "until_key" TEXT,
    "cursor_key" TEXT,
    "status" TEXT NOT NULL,
    "listed" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "over_limit" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY ("run_id", "position"),
    CONSTRAINT "listing_range_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "object" (
    "connection_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "listed_etag" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "last_modified" BIGINT NOT NULL,
    "storage_class" TEXT NOT NULL,
    "stored_etag" TEXT,
    "stored_size_bytes" BIGINT,
    "stored_modified" BIGINT,
    "stored_tags" TEXT,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "message" TEXT,
    "seen_etag" TEXT,
    "extractor_version" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" BIGINT,
    "missing_since_run" TEXT,
    "missing_since" BIGINT,
    "is_absence_kept" BOOLEAN NOT NULL DEFAULT false,
    "document_id" TEXT,
    "wanted_run" TEXT,
    "wanted_tags" TEXT,
    PRIMARY KEY ("connection_id", "key")
) WITHOUT ROWID;
CREATE INDEX "object_connection_id_outcome_idx" ON "object"("connection_id", "outcome");
CREATE INDEX "object_wanted_run_outcome_idx" ON "object"("wanted_run", "outcome");

CREATE TABLE "staged_object" (
    "run_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "etag" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "last_modified" BIGINT NOT NULL,
    "storage_class" TEXT NOT NULL,
    PRIMARY KEY ("run_id", "key")
) WITHOUT ROWID;

CREATE TABLE "run_change" (
    "run_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT,
    "stage" TEXT,
    "message" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" BIGINT,
    "at" BIGINT NOT NULL,
    PRIMARY KEY ("run_id", "key"),
    CONSTRAINT "run_change_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
CREATE INDEX "run_change_run_id_kind_key_idx" ON "run_change"("run_id", "kind", "key");

CREATE TABLE "hold" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "connection_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "decided_at" BIGINT,
    "decided_by" TEXT
);
CREATE INDEX "hold_connection_id_status_idx" ON "hold"("connection_id", "status");

CREATE TABLE "hold_key" (
    "hold_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    PRIMARY KEY ("hold_id", "key"),
    CONSTRAINT "hold_key_hold_id_fkey" FOREIGN KEY ("hold_id") REFERENCES "hold" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;

CREATE TABLE "document" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "connection_id" TEXT,
    "object_key" TEXT,
    "origin" TEXT,
    "custom_id" TEXT,
    "title" TEXT,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "content" TEXT,
    "summary" TEXT,
    "content_hash" TEXT,
    "url" TEXT,
    "metadata" TEXT NOT NULL DEFAULT '{}',
    "source_etag" TEXT,
    "size_bytes" BIGINT,
    "source_modified" BIGINT,
    "extractor_version" INTEGER NOT NULL DEFAULT 0,
    "chunk_count" INTEGER NOT NULL DEFAULT 0,
    "is_cut" BOOLEAN NOT NULL DEFAULT false,
    "stale_since" BIGINT,
    "error" TEXT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL
);
CREATE INDEX "document_connection_id_object_key_idx" ON "document"("connection_id", "object_key");
CREATE INDEX "document_custom_id_idx" ON "document"("custom_id");
CREATE INDEX "document_created_at_idx" ON "document"("created_at");
CREATE INDEX "document_updated_at_idx" ON "document"("updated_at");
CREATE INDEX "document_origin_connection_id_idx" ON "document"("origin", "connection_id");

CREATE TABLE "document_tag" (
    "document_id" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    PRIMARY KEY ("document_id", "tag"),
    CONSTRAINT "document_tag_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
CREATE INDEX "document_tag_tag_document_id_idx" ON "document_tag"("tag", "document_id");

CREATE TABLE "chunk" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "document_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "content" TEXT NOT NULL,
    "phase" TEXT NOT NULL DEFAULT 'live',
    CONSTRAINT "chunk_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "chunk_document_id_position_idx" ON "chunk"("document_id", "position");

CREATE TABLE "api_key" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "tags" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "last_used_at" BIGINT,
    "revoked_at" BIGINT
);
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

CREATE TABLE "administrator" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "seat" INTEGER NOT NULL DEFAULT 1,
    "email" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "administrator_seat_key" ON "administrator"("seat");
CREATE UNIQUE INDEX "administrator_email_key" ON "administrator"("email");

CREATE TABLE "session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "administrator_id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "seen_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    CONSTRAINT "session_administrator_id_fkey" FOREIGN KEY ("administrator_id") REFERENCES "administrator" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");
CREATE INDEX "session_administrator_id_idx" ON "session"("administrator_id");

CREATE TABLE "attempt" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "subject" TEXT NOT NULL,
    "at" BIGINT NOT NULL
);
CREATE INDEX "attempt_subject_at_idx" ON "attempt"("subject", "at");

CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" BIGINT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_label" TEXT NOT NULL,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT
);
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");
CREATE INDEX "audit_entry_subject_kind_subject_id_idx" ON "audit_entry"("subject_kind", "subject_id");

CREATE TABLE "setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "updated_at" BIGINT NOT NULL
);

CREATE TABLE "worker_heartbeat" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" BIGINT NOT NULL,
    "seen_at" BIGINT NOT NULL
);

-- One queued and one running run for each connection, however many processes ask.
CREATE UNIQUE INDEX "sync_run_queued_once" ON "sync_run"("connection_id") WHERE "status" = 'queued';
CREATE UNIQUE INDEX "sync_run_running_once" ON "sync_run"("connection_id") WHERE "status" = 'running';

-- One open hold for each connection.
CREATE UNIQUE INDEX "hold_open_once" ON "hold"("connection_id") WHERE "status" IN ('open', 'approved');

-- Few rows of a manifest are marked absent, and counting places must not read all of it.
CREATE INDEX "object_missing" ON "object"("connection_id", "missing_since_run", "key") WHERE "missing_since_run" IS NOT NULL;
CREATE INDEX "object_with_document" ON "object"("connection_id", "key") WHERE "document_id" IS NOT NULL;

-- Pieces of long documents on their way in or out; there are few.
CREATE INDEX "chunk_not_live" ON "chunk"("phase", "document_id") WHERE "phase" <> 'live';

-- Search: our own tokens, title and body, stored without the text. The row id is the id of the chunk.
CREATE VIRTUAL TABLE "chunk_index" USING fts5(title, body, content='', contentless_delete=1, tokenize="ascii tokenchars '_.-/:@#+|'");
