import { SluiceError } from "@/lib/core/errors";
import type { Tx } from "../database";
import { fetchRows } from "./fetch-rows";
import { jsonText } from "./json-text";
import { LISTED_COLUMNS, type ListedRow } from "./places";
import { enterFence } from "./run-fence";

/** The part of a run's reading that a worker works on, with the token that proves its claim. */
export type BatchLease = {
  runId: string;
  position: number;
  connectionId: string;
  /** Of the connection, for which the run works. */
  revision: number;
  leaseToken: string;
};

const BATCH_COLUMNS = { position: "integer" } as const;

/** Makes the batches that queued objects name as theirs. */
export async function createBatches(
  tx: Tx,
  run: { runId: string; connectionId: string },
  positions: readonly number[],
): Promise<void> {
  if (positions.length === 0) return;
  const rows = tx.sql.dialect.rows(BATCH_COLUMNS);
  await tx.sql.run(
    `INSERT INTO read_batch (run_id, position, connection_id)
     SELECT CAST(? AS TEXT), j.position, CAST(? AS TEXT) FROM ${rows}`,
    run.runId,
    run.connectionId,
    tx.sql.dialect.list(
      BATCH_COLUMNS,
      positions.map((position) => ({ position })),
    ),
  );
}

/** The first position that no batch of the run has had. */
export async function nextBatchPosition(tx: Tx, runId: string): Promise<number> {
  const row = await tx.sql.get<{ position: number }>(
    `SELECT greatest_position.position + 1 AS position FROM (
       SELECT coalesce(max(wanted_batch), -1) AS position FROM object
         WHERE wanted_run = ?1 AND outcome = 'queued'
       UNION ALL SELECT coalesce(max(position), -1) FROM read_batch WHERE run_id = ?1
     ) AS greatest_position ORDER BY 1 DESC LIMIT 1`,
    runId,
  );
  return row?.position ?? 0;
}

/** Of a run `r` and its connection `c`: it goes on, nobody wants it ended, and it is for the connection as it is. */
const IS_READ_FOR = `r.status = 'running' AND r.cancel_asked_at IS NULL AND r.error_code IS NULL
       AND c.deleted_at IS NULL AND c.revision = r.revision`;

/** Runs with a batch that nobody reads, for a worker to choose from in turn. */
export async function listRunsToRead(
  tx: Tx,
  now: number,
): Promise<{ runId: string; connectionId: string; revision: number }[]> {
  const rows = await tx.sql.all<{ run_id: string; connection_id: string; revision: number }>(
    `SELECT r.id AS run_id, r.connection_id, r.revision FROM sync_run r JOIN connection c ON c.id = r.connection_id
     WHERE ${IS_READ_FOR}
       AND EXISTS (SELECT 1 FROM read_batch b WHERE b.run_id = r.id AND (b.lease_until IS NULL OR b.lease_until < ?))
     ORDER BY r.queued_at`,
    now,
  );
  return rows.map((row) => ({
    runId: row.run_id,
    connectionId: row.connection_id,
    revision: row.revision,
  }));
}

/** Takes the run's first batch that nobody reads; null when another worker was faster. */
export async function claimBatch(
  tx: Tx,
  args: { runId: string; leaseToken: string; leaseUntil: number; now: number },
): Promise<number | null> {
  const row = await tx.sql.get<{ position: number }>(
    `UPDATE read_batch SET lease_token = ?, lease_until = ? WHERE run_id = ? AND position = (
       SELECT position FROM read_batch WHERE run_id = ? AND (lease_until IS NULL OR lease_until < ?)
       ORDER BY position LIMIT 1 ${tx.sql.dialect.locking("FOR UPDATE SKIP LOCKED")})
     RETURNING position`,
    args.leaseToken,
    args.leaseUntil,
    args.runId,
    args.runId,
    args.now,
  );
  return row?.position ?? null;
}

/**
 * The first statement of every write of a reader. Rejects with `lease_lost` unless the batch is still its own, the run
 * goes on and nobody wants it ended, and the connection exists and is as it was.
 */
export async function demandBatch(tx: Tx, lease: BatchLease): Promise<void> {
  const [, row] = await Promise.all([
    enterFence(tx, lease.connectionId),
    tx.sql.get(
      `SELECT 1 AS held FROM read_batch b JOIN sync_run r ON r.id = b.run_id JOIN connection c ON c.id = r.connection_id
       WHERE b.run_id = ? AND b.position = ? AND b.lease_token = ? AND r.status = 'running'
         AND r.cancel_asked_at IS NULL AND r.revision = c.revision AND c.deleted_at IS NULL
       ${tx.sql.dialect.locking("FOR SHARE OF b")}`,
      lease.runId,
      lease.position,
      lease.leaseToken,
    ),
  ]);
  if (row === undefined) throw batchLost();
}

/** What a reader ends with whose batch is no longer its own to read. */
export function batchLost(): SluiceError {
  return new SluiceError({
    code: "lease_lost",
    effect: "stop",
    message: "This batch belongs to another worker now, or its run has ended.",
  });
}

const LEASE_COLUMNS = { runId: "text", position: "integer", leaseToken: "text" } as const;

/** The lease tokens of those of the batches that are still to be read by whoever has claimed them. */
export async function findBatchesToRead(tx: Tx, leases: readonly BatchLease[]): Promise<Set<string>> {
  if (leases.length === 0) return new Set();
  const rows = await tx.sql.all<{ lease_token: string }>(
    `SELECT j.lease_token FROM ${tx.sql.dialect.rows(LEASE_COLUMNS)}
     JOIN read_batch b ON b.run_id = j.run_id AND b.position = j.position AND b.lease_token = j.lease_token
     JOIN sync_run r ON r.id = b.run_id JOIN connection c ON c.id = r.connection_id
     WHERE ${IS_READ_FOR}`,
    tx.sql.dialect.list(LEASE_COLUMNS, leases),
  );
  return new Set(rows.map((row) => row.lease_token));
}

/** What of the batch still waits, in key order. */
export async function listBatch(tx: Tx, lease: BatchLease): Promise<ListedRow[]> {
  return fetchRows<ListedRow>(
    tx.sql,
    LISTED_COLUMNS,
    `SELECT ${LISTED_COLUMNS.join(", ")} FROM object ${tx.sql.dialect.indexedBy("object_to_read")}
     WHERE wanted_run = ? AND wanted_batch = ? AND outcome = 'queued' AND connection_id = ? ORDER BY key`,
    lease.runId,
    lease.position,
    lease.connectionId,
  );
}

export async function removeBatch(tx: Tx, lease: BatchLease): Promise<void> {
  await tx.sql.run(
    `DELETE FROM read_batch WHERE run_id = ? AND position = ? AND lease_token = ?`,
    lease.runId,
    lease.position,
    lease.leaseToken,
  );
}

/** Gives a batch back, so that another worker reads what is left of it at once. */
export async function releaseBatch(tx: Tx, lease: BatchLease): Promise<void> {
  await tx.sql.run(
    `UPDATE read_batch SET lease_token = NULL, lease_until = NULL
     WHERE run_id = ? AND position = ? AND lease_token = ?`,
    lease.runId,
    lease.position,
    lease.leaseToken,
  );
}

/** Renews the leases of what is being read. One that could not be given back is not among them, and ends. */
export async function renewBatches(
  tx: Tx,
  leaseTokens: readonly string[],
  leaseUntil: number,
): Promise<void> {
  if (leaseTokens.length === 0) return;
  await tx.sql.run(
    `UPDATE read_batch SET lease_until = ? WHERE lease_token IN (${tx.sql.dialect.texts()})`,
    leaseUntil,
    jsonText(leaseTokens),
  );
}

/** Nothing of an ended run is read any more. */
export async function dropBatches(tx: Tx, runId: string): Promise<void> {
  await tx.sql.run(`DELETE FROM read_batch WHERE run_id = ?`, runId);
}

/** What the one who works on a run has to know while others read for it. */
export type RunWatch = {
  isRead: boolean;
  isCancelAsked: boolean;
  /** The connection is gone, or is no longer what the run works for. */
  isSuperseded: boolean;
  /** Set by a reader whose error ends the run. */
  stop: { code: string; message: string } | null;
};

export async function watchRun(tx: Tx, runId: string): Promise<RunWatch> {
  const row = await tx.sql.get<{
    waits: number;
    cancel_asked_at: number | null;
    is_superseded: number;
    error_code: string | null;
    error: string | null;
  }>(
    `SELECT (SELECT count(*) FROM (SELECT 1 FROM read_batch b WHERE b.run_id = r.id LIMIT 1) AS first_batch) AS waits,
       r.cancel_asked_at, r.error_code, r.error,
       CASE WHEN c.revision = r.revision AND c.deleted_at IS NULL THEN 0 ELSE 1 END AS is_superseded
     FROM sync_run r JOIN connection c ON c.id = r.connection_id WHERE r.id = ?`,
    runId,
  );
  return {
    isRead: row === undefined || row.waits === 0,
    isCancelAsked: row !== undefined && row.cancel_asked_at !== null,
    isSuperseded: row === undefined || row.is_superseded === 1,
    stop: row?.error_code ? { code: row.error_code, message: row.error ?? "" } : null,
  };
}

/**
 * A reader met what ends the whole run: the one who works on it ends it with this. The first word counts. One whose
 * batch is another's by now has no say.
 */
export async function stopRun(
  tx: Tx,
  batch: BatchLease,
  stop: { code: string; message: string },
): Promise<void> {
  await tx.sql.run(
    `UPDATE sync_run SET error_code = ?, error = ? WHERE id = ? AND status = 'running' AND error_code IS NULL
       AND EXISTS (SELECT 1 FROM read_batch WHERE run_id = sync_run.id AND position = ? AND lease_token = ?)`,
    stop.code,
    stop.message,
    batch.runId,
    batch.position,
    batch.leaseToken,
  );
}
