import { recordAudit } from "@/lib/audit/record-audit";
import { endBackOff } from "@/lib/connections/end-back-off";
import { readSettings } from "@/lib/connections/read-settings";
import { type Actor, labelOf } from "@/lib/core/actor";
import { MADE_DUE_OBJECTS_MAX } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { findFailedKeys, makeFailuresDue, nextFailedKeys } from "@/lib/db/sql/failures";
import { demandRun } from "@/lib/sync-runs/enqueue-run";

type RetryArgs = {
  actor: Actor;
  write: Database["transaction"];
  /** Null means every failed object of the connection. */
  input: { connectionId: string; keys: readonly string[] | null };
  now: number;
};

export type Retried = {
  /** Objects that are tried again. */
  retried: number;
  /** Keys among those asked for whose objects are not failed, or that the connection does not know. */
  unknownKeys: string[];
  /** Null when there is nothing to try. */
  run: { outcome: "queued" | "joined"; runId: string } | null;
};

/**
 * Tries failed objects again, as if for the first time. Throws `not_found`, and `conflict` while the connection is
 * paused or a plan waits; what was made due by then is tried by the next run.
 */
export async function retryFailures(args: RetryArgs): Promise<Retried> {
  const { actor, input, now, write } = args;
  const { connectionId } = input;
  // Whether it is there; its whole view would count its documents.
  await write((tx) => readSettings({ actor, tx, input: { id: connectionId } }));
  const { retried, unknownKeys } =
    input.keys === null ? await makeAllDue(args) : await makeSomeDue(args, [...new Set(input.keys)]);
  if (retried === 0) return { retried, unknownKeys, run: null };
  return write(async (tx) => {
    const requestedBy = labelOf(actor);
    const request = { connectionId, kind: "retry", trigger: "manual", requestedBy } as const;
    const run = await demandRun({ tx, now, input: request });
    await endBackOff(tx, connectionId, now);
    await recordAudit(tx, {
      actor,
      now,
      action: "failures.retried",
      subject: { kind: "connection", id: connectionId },
      after: { runId: run.runId, retried, isEvery: input.keys === null },
    });
    return { retried, unknownKeys, run };
  });
}

type MadeDue = Pick<Retried, "retried" | "unknownKeys">;

async function makeSomeDue({ write, input }: RetryArgs, keys: readonly string[]): Promise<MadeDue> {
  const { connectionId } = input;
  return write(async (tx) => {
    const failed = new Set(await findFailedKeys(tx, { connectionId, keys }));
    const retried = await makeFailuresDue(tx, { connectionId, keys: [...failed] });
    return { retried, unknownKeys: keys.filter((key) => !failed.has(key)) };
  });
}

/** In pieces, so that a million failures do not keep the worker from its leases. The keys only go up, so it ends. */
async function makeAllDue({ write, input }: RetryArgs): Promise<MadeDue> {
  let retried = 0;
  let afterKey: string | null = "";
  while (afterKey !== null) {
    const place: Place = { connectionId: input.connectionId, afterKey };
    const made: MadePiece = await write((tx) => makePieceDue(tx, place));
    retried += made.count;
    afterKey = made.lastKey;
  }
  return { retried, unknownKeys: [] };
}

type Place = { connectionId: string; afterKey: string };
/** `lastKey` is null after the last piece. */
type MadePiece = { count: number; lastKey: string | null };

async function makePieceDue(tx: Tx, place: Place): Promise<MadePiece> {
  const keys = await nextFailedKeys(tx, { ...place, countMax: MADE_DUE_OBJECTS_MAX });
  const count = await makeFailuresDue(tx, { connectionId: place.connectionId, keys });
  return { count, lastKey: keys.length < MADE_DUE_OBJECTS_MAX ? null : (keys.at(-1) ?? null) };
}
