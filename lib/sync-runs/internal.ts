import type { Tx } from "@/lib/db/database";
import type { RunStatus, RunTrigger } from "@/lib/rules/run-status";
import { readTally } from "@/lib/rules/tally";
import type { RunView } from "./schema";

type RunRow = Awaited<ReturnType<Tx["prisma"]["syncRun"]["findUniqueOrThrow"]>>;

const millis = (time: bigint | null) => (time === null ? null : Number(time));

export function runView(row: RunRow): RunView {
  return {
    id: row.id,
    connectionId: row.connectionId,
    status: row.status as RunStatus,
    trigger: row.trigger as RunTrigger,
    requestedBy: row.requestedBy,
    queuedAt: Number(row.queuedAt),
    startedAt: millis(row.startedAt),
    completedAt: millis(row.completedAt),
    listedAt: millis(row.listedAt),
    errorCode: row.errorCode,
    error: row.error,
    tally: readTally(row.tally),
    listRequests: row.listRequests,
    getRequests: row.getRequests,
    bytesRead: Number(row.bytesRead),
  };
}
