import { setImmediate as turn } from "node:timers/promises";
import { ROWS_A_SWEEP_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import type { SqlBinding, SqlSession } from "../sql-session";
import { dropKeys } from "./drop-keys";
import { jsonText } from "./json-text";

/**
 * What is no longer kept. It is looked for beside the writers, run by run and hold by hold, and dropped in pieces: among
 * the rows that stay, there may be millions that one would have to go through.
 */

type RunTable = "staged_object" | "run_change";

/** Runs that put keys aside and broke; only a run that goes on reads its own. */
export function findBrokenStagings(tx: Tx, countMax: number): Promise<string[]> {
  const broken = ({ dialect }: SqlSession) => `SELECT j.value AS id FROM (${dialect.texts("?1")}) AS j
     WHERE j.value NOT IN (SELECT id FROM sync_run WHERE status = 'running')`;
  return findRuns(tx, "staged_object", { countMax }, (list) => idsOf(tx, broken(tx.sql), list));
}

/** Runs with change rows that ended before this time, and plans with lines that nobody can apply or applies now. */
export function findOldChanges(
  tx: Tx,
  args: { endedBefore: number; plannedBefore: number; runsMax?: number },
  countMax: number,
): Promise<string[]> {
  const old = `SELECT r.id FROM sync_run r WHERE r.id IN (${tx.sql.dialect.texts("?1")})
     AND (r.completed_at < ?2 OR (r.kind = 'plan' AND r.completed_at < ?3 AND NOT EXISTS (
       SELECT 1 FROM sync_run a WHERE a.plan_run_id = r.id AND a.status IN ('queued', 'running'))))`;
  return findRuns(tx, "run_change", { countMax, runsMax: args.runsMax }, (list) =>
    idsOf(tx, old, list, args.endedBefore, args.plannedBefore),
  );
}

/**
 * Up to `countMax` of the runs that have rows in a table, which may be a million runs: `choose` is given the ids of
 * `runsMax` of them at a time, as JSON, and whatever else waits has its turn in between.
 */
async function findRuns(
  tx: Tx,
  table: RunTable,
  { countMax, runsMax = ROWS_A_SWEEP_MAX }: { countMax: number; runsMax?: number },
  choose: (list: string) => Promise<string[]>,
): Promise<string[]> {
  const found: string[] = [];
  for (let afterId = ""; ; ) {
    const ids = await idsOf(tx, nextRunsIn(table), afterId, runsMax);
    found.push(...(await choose(jsonText(ids))));
    const last = ids.at(-1);
    if (last === undefined || ids.length < runsMax || found.length >= countMax) break;
    afterId = last;
    await turn();
  }
  return found.slice(0, countMax);
}

/** The next runs in a table whose key begins with the run: each is one step, however many rows it has. */
const nextRunsIn = (table: RunTable) => `
  WITH RECURSIVE step(run_id) AS (
    SELECT min(run_id) FROM ${table} WHERE run_id > ?1
    UNION ALL SELECT (SELECT min(t.run_id) FROM ${table} t WHERE t.run_id > step.run_id)
      FROM step WHERE step.run_id IS NOT NULL)
  SELECT step.run_id AS id FROM step WHERE step.run_id IS NOT NULL LIMIT ?2`;

/**
 * Runs that ended before this time, and so were queued before it, which an index tells. Their change rows are the
 * caller's to drop first.
 */
export function findOldRuns(tx: Tx, endedBefore: number, countMax: number): Promise<string[]> {
  return idsOf(
    tx,
    `SELECT id FROM sync_run WHERE status IN ('completed', 'failed', 'canceled') AND queued_at < ?1
       AND completed_at < ?1 LIMIT ?2`,
    endedBefore,
    countMax,
  );
}

/** A list that nobody sees any more: its run was cut, or another took its place. */
const LEFT_BEHIND = `(h.status = 'released' OR (h.status = 'gathering'
  AND h.run_id NOT IN (SELECT id FROM sync_run WHERE status = 'running')))`;
const HAS_KEYS = `EXISTS (SELECT 1 FROM hold_key k WHERE k.hold_id = h.id)`;

/** Holds with keys that nobody has to decide about any more, and about which nothing is to be done. */
export function findSettledHolds(tx: Tx, countMax: number): Promise<string[]> {
  return idsOf(
    tx,
    `SELECT h.id FROM hold h WHERE (h.status IN ('applied', 'dismissed') OR ${LEFT_BEHIND}) AND ${HAS_KEYS} LIMIT ?`,
    countMax,
  );
}

/** Drops up to `countMax` keys of a hold; resolves with how many it was. */
export function dropKeysOfHold(tx: Tx, holdId: string, countMax: number): Promise<number> {
  return dropKeys(tx, "hold_key", holdId, countMax);
}

/** Drops up to `countMax` holds without keys that no person has decided about; resolves with how many it was. */
export async function dropEmptyHolds({ sql }: Tx, countMax: number): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM hold WHERE id IN (SELECT h.id FROM hold h WHERE ${LEFT_BEHIND} AND NOT ${HAS_KEYS} LIMIT ?)`,
    countMax,
  );
  return changes;
}

async function idsOf({ sql }: Tx, text: string, ...bindings: SqlBinding[]): Promise<string[]> {
  return (await sql.all<{ id: string }>(text, ...bindings)).map(({ id }) => id);
}
