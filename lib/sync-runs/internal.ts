import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { failureClassOf } from "@/lib/rules/failure-class";
import { RUN_KINDS, type RunKind, type RunStatus, type RunTrigger } from "@/lib/rules/run-status";
import { readTally } from "@/lib/rules/tally";
import type { FailureView, RunView } from "./schema";

type RunRow = Awaited<ReturnType<Tx["prisma"]["syncRun"]["findUniqueOrThrow"]>>;

export const millis = (time: bigint | null) => (time === null ? null : Number(time));

/** A connection that is marked as deleted is gone for everybody, though its rows go in batches. Throws `not_found`. */
export async function demandConnection({ prisma }: Tx, id: string): Promise<void> {
  if ((await prisma.connection.count({ where: { id, deletedAt: null } })) === 0) throw notFound("Connection");
}

/** Throws `not_found`, also for runs of a connection that was removed or is another than the one that is named. */
export async function getRunRow({ prisma }: Tx, run: { id: string; connectionId?: string }): Promise<RunRow> {
  const row = await prisma.syncRun.findFirst({ where: { ...run, connection: { deletedAt: null } } });
  if (!row) throw notFound("Sync run");
  return row;
}

export function runKindOf(stored: string): RunKind {
  return RUN_KINDS.find((known) => known === stored) ?? "sync";
}

export function runView(row: RunRow): RunView {
  return {
    id: row.id,
    connectionId: row.connectionId,
    kind: runKindOf(row.kind),
    planRunId: row.planRunId,
    status: row.status as RunStatus,
    trigger: row.trigger as RunTrigger,
    requestedBy: row.requestedBy,
    queuedAt: Number(row.queuedAt),
    startedAt: millis(row.startedAt),
    completedAt: millis(row.completedAt),
    listedAt: millis(row.listedAt),
    cancelAskedAt: millis(row.cancelAskedAt),
    errorCode: row.errorCode,
    error: row.error,
    tally: readTally(row.tally),
    listRequests: row.listRequests,
    getRequests: row.getRequests,
    bytesRead: Number(row.bytesRead),
    bytesListed: Number(row.bytesListed),
    retriedRequests: row.retriedRequests,
    throttledAnswers: row.throttledAnswers,
    stageMs: readStageMs(row.stageMs),
  };
}

function readStageMs(json: string): Record<string, number> {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** What a row of the manifest and a row of a run's changes say alike of an object that failed. */
export function failureView(row: {
  key: string;
  stage: string | null;
  reason: string | null;
  message: string | null;
  attempt: number;
  nextTryAt: bigint | null;
}): FailureView {
  return {
    key: row.key,
    stage: STAGES.find((known) => known === row.stage) ?? null,
    class: failureClassOf(row.reason),
    code: row.reason ?? "internal",
    message: row.message,
    attempt: row.attempt,
    nextTryAt: millis(row.nextTryAt),
  };
}

const STAGES = ["list", "fetch", "extract", "store"] as const;
