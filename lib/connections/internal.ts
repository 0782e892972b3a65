import type { Tx } from "@/lib/db/database";
import { type ConnectionFacts, readConnectionFacts } from "@/lib/db/sql/connection-facts";
import { scheduleOf } from "@/lib/rules/schedule";
import { readTally } from "@/lib/rules/tally";
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
  const views = rows.map((row) => {
    const of = facts.get(row.id);
    const run = runs.find(({ id }) => id === of?.last_run_id);
    return connectionView(row, of, run);
  });
  const position = new Map(ids.map((id, at) => [id, at]));
  return views.sort((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0));
}

type ConnectionRow = Awaited<ReturnType<Tx["prisma"]["connection"]["findUniqueOrThrow"]>>;
type RunRow = Awaited<ReturnType<Tx["prisma"]["syncRun"]["findUniqueOrThrow"]>>;

/** Chosen field by field: whatever is added to the row, the sealed credentials never come along. */
function connectionView(
  row: ConnectionRow & { tags: { tag: string }[] },
  facts: ConnectionFacts | undefined,
  run: RunRow | undefined,
): ConnectionView {
  const isHeld = facts?.hold_id != null;
  return {
    id: row.id,
    provider: "s3",
    bucket: row.bucket,
    region: row.region,
    endpoint: row.endpoint,
    addressingStyle: row.addressingStyle === "virtual" ? "virtual" : "path",
    prefix: row.prefix,
    containerTagRegex: row.containerTagRegex,
    tagFallback: row.tagFallback === "skip" ? "skip" : "connection_tags",
    containerTags: row.tags.map(({ tag }) => tag),
    documentLimit: row.documentLimit,
    deletionPolicy: row.deletionPolicy === "keep" ? "keep" : "remove",
    schedule: scheduleOf(row),
    metadata: JSON.parse(row.metadata) as ConnectionView["metadata"],
    nextRunAt: row.nextRunAt === null ? null : Number(row.nextRunAt),
    createdAt: Number(row.createdAt),
    documentCount: facts?.document_count ?? 0,
    failedCount: facts?.failed_count ?? 0,
    hold:
      isHeld && facts.hold_id
        ? { id: facts.hold_id, keyCount: facts.hold_keys, reason: facts.hold_reason ?? "" }
        : null,
    lastSyncedAt: facts?.last_synced_at ?? null,
    lastRun: run ? runFacts(run) : null,
  };
}

function runFacts(run: RunRow): ConnectionRunFacts {
  return {
    id: run.id,
    status: run.status as ConnectionRunFacts["status"],
    trigger: run.trigger as ConnectionRunFacts["trigger"],
    queuedAt: Number(run.queuedAt),
    startedAt: run.startedAt === null ? null : Number(run.startedAt),
    completedAt: run.completedAt === null ? null : Number(run.completedAt),
    listedAt: run.listedAt === null ? null : Number(run.listedAt),
    errorCode: run.errorCode,
    error: run.error,
    tally: readTally(run.tally),
    getRequests: run.getRequests,
    bytesRead: Number(run.bytesRead),
  };
}
