import { conflict, notFound } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import { lockQueue } from "@/lib/db/sql/run-queue";
import { answerRequest, type PresentRuns } from "@/lib/rules/run-request";
import type { RunKind, RunTrigger } from "@/lib/rules/run-status";
import { runKindOf } from "./internal";

/** How a request for a run was met. */
export type Enqueued =
  | { outcome: "queued" | "joined"; runId: string }
  | { outcome: "refused"; why: "paused" | "queue_taken"; sentence: string };

export type RunRequest = {
  connectionId: string;
  /** A sync unless it is said. */
  kind?: RunKind;
  trigger: RunTrigger;
  requestedBy: string;
  /** For `apply`: the run whose plan it is. */
  planRunId?: string | null;
};

/**
 * Asks for a run of a connection; `answerRequest` has the table of what a request joins, turns or is refused by.
 * Whoever asks holds the connection's queue until the transaction ends, and a partial unique index has the last word
 * on there being one queued run. Throws `not_found`.
 */
export async function enqueueRun(args: { tx: Tx; input: RunRequest; now: number }): Promise<Enqueued> {
  const { tx, input } = args;
  const connection = await lockQueue(tx, input.connectionId);
  if (!connection) throw notFound("Connection");
  const asked = input.kind ?? "sync";
  const kind = asked === "sync" && connection.is_reread_owed === 1 ? "reread" : asked;
  if (connection.paused_at !== null) return { outcome: "refused", why: "paused", sentence: PAUSED };

  const present = await readPresentRuns(tx, input.connectionId, connection.revision);
  const met = answerRequest(kind, present);
  if (met.answer === "queue") return insertRun(args, kind, connection.revision);
  if (met.answer === "refuse") {
    return { outcome: "refused", why: "queue_taken", sentence: takenSentence(met.run.kind) };
  }
  if (met.answer === "turn" && !(await turnQueued(tx, met.run.id, kind))) {
    // A worker has taken it in this very moment, and the place is free.
    return insertRun(args, kind, connection.revision);
  }
  return { outcome: "joined", runId: met.run.id };
}

/** The same for a person: a refusal is a `conflict` whose sentence says what to do. */
export async function demandRun(
  args: Parameters<typeof enqueueRun>[0],
): Promise<Exclude<Enqueued, { outcome: "refused" }>> {
  const enqueued = await enqueueRun(args);
  if (enqueued.outcome === "refused") throw conflict(enqueued.sentence);
  return enqueued;
}

type PresentRun = { id: string; kind: RunKind };

async function readPresentRuns(
  { prisma }: Tx,
  connectionId: string,
  revision: number,
): Promise<PresentRuns<PresentRun>> {
  const isFresh = { status: "running", listingStartedAt: null, cancelAskedAt: null, revision };
  const rows = await prisma.syncRun.findMany({
    where: { connectionId, OR: [{ status: "queued" }, isFresh] },
    select: { id: true, kind: true, status: true },
  });
  const runOf = (status: string): PresentRun | null => {
    const row = rows.find((one) => one.status === status);
    return row ? { id: row.id, kind: runKindOf(row.kind) } : null;
  };
  return { queued: runOf("queued"), fresh: runOf("running") };
}

async function turnQueued({ prisma }: Tx, id: string, kind: RunKind): Promise<boolean> {
  const { count } = await prisma.syncRun.updateMany({ where: { id, status: "queued" }, data: { kind } });
  return count === 1;
}

async function insertRun(
  { tx, input, now }: Parameters<typeof enqueueRun>[0],
  kind: RunKind,
  revision: number,
): Promise<Enqueued> {
  const { connectionId, trigger, requestedBy, planRunId } = input;
  const run = await tx.prisma.syncRun.create({
    data: {
      id: newId(),
      connectionId,
      revision,
      kind,
      trigger,
      requestedBy,
      planRunId: planRunId ?? null,
      status: "queued",
      queuedAt: BigInt(now),
    },
    select: { id: true },
  });
  return { outcome: "queued", runId: run.id };
}

const PAUSED =
  "This connection is paused. Resume it on its page or with POST /v3/connections/{id}/resume, then ask again.";

const KIND_WORDS: Record<RunKind, string> = {
  sync: "A sync",
  reread: "A sync that reads everything again",
  retry: "A retry of failed objects",
  plan: "A plan",
  apply: "A run that applies a plan",
};

function takenSentence(queued: RunKind): string {
  return `${KIND_WORDS[queued]} waits, and one run of a connection waits at a time. Ask again when it has begun, or cancel it.`;
}
