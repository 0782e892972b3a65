import type { Tx } from "@/lib/db/database";
import { type ConnectionFacts, readConnectionFacts } from "@/lib/db/sql/connection-facts";
import { backOffOf, scheduleOf } from "@/lib/rules/schedule";
import { readTally } from "@/lib/rules/tally";
import { type ConnectionRow, settingsOf } from "./columns";
import { findExternalId } from "./external-id";
import type { ConnectionRunFacts, ConnectionView } from "./schema";

/** Loads views of these connections, in the order of `ids`; ids that are gone are left out. */
export async function loadViews(tx: Tx, ids: readonly string[]): Promise<ConnectionView[]> {
  const rows = await tx.prisma.connection.findMany({
    where: { id: { in: [...ids] }, deletedAt: null },
    include: { tags: { orderBy: { position: "asc" } } },
  });
  const facts = await readConnectionFacts(tx, ids);
  const runIds = [...facts.values()].flatMap(({ last_run_id }) => last_run_id ?? []);
  const runs = await tx.prisma.syncRun.findMany({ where: { id: { in: runIds } } });
  const isRoleAssumed = rows.some(({ credentialsKind }) => credentialsKind === "role");
  const externalId = isRoleAssumed ? await findExternalId(tx) : null;
  const views = rows.map((row) => {
    const of = facts.get(row.id);
    return connectionView(row, { facts: of, run: runs.find(({ id }) => id === of?.last_run_id), externalId });
  });
  const position = new Map(ids.map((id, at) => [id, at]));
  return views.sort((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0));
}

type RunRow = Awaited<ReturnType<Tx["prisma"]["syncRun"]["findUniqueOrThrow"]>>;

function connectionView(
  row: ConnectionRow,
  beside: { facts: ConnectionFacts | undefined; run: RunRow | undefined; externalId: string | null },
): ConnectionView {
  const { facts, run } = beside;
  return {
    ...settingsOf(row),
    id: row.id,
    provider: "s3",
    externalId: row.credentialsKind === "role" ? beside.externalId : null,
    metadata: JSON.parse(row.metadata) as ConnectionView["metadata"],
    nextRunAt: millis(row.nextRunAt),
    backOff: backOffView(row),
    pausedAt: millis(row.pausedAt),
    createdAt: Number(row.createdAt),
    documentCount: facts?.document_count ?? 0,
    failedCount: facts?.failed_count ?? 0,
    cutCount: facts?.cut_count ?? 0,
    hold: holdView(facts),
    lastSyncedAt: facts?.last_synced_at ?? null,
    lastRun: run ? runFacts(run) : null,
  };
}

function holdView(facts: ConnectionFacts | undefined): ConnectionView["hold"] {
  if (!facts || facts.hold_run_id === null) return null;
  return { runId: facts.hold_run_id, keyCount: facts.hold_keys, reason: facts.hold_reason ?? "" };
}

const millis = (time: bigint | null) => (time === null ? null : Number(time));

function backOffView(row: ConnectionRow): ConnectionView["backOff"] {
  const backOff = backOffOf(scheduleOf(row), row.failureStreak);
  if (backOff === null || row.nextRunAt === null) return null;
  return { untilAt: Number(row.nextRunAt), failures: row.failureStreak, sentence: backOff.sentence };
}

function runFacts(run: RunRow): ConnectionRunFacts {
  return {
    id: run.id,
    status: run.status as ConnectionRunFacts["status"],
    trigger: run.trigger as ConnectionRunFacts["trigger"],
    queuedAt: Number(run.queuedAt),
    startedAt: millis(run.startedAt),
    completedAt: millis(run.completedAt),
    listedAt: millis(run.listedAt),
    errorCode: run.errorCode,
    error: run.error,
    tally: readTally(run.tally),
    getRequests: run.getRequests,
    bytesRead: Number(run.bytesRead),
  };
}
