import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import type { RunTrigger } from "@/lib/rules/run-status";

/** How a request for a run was met. */
export type Enqueued = { outcome: "queued" | "joined"; runId: string };

/**
 * Asks for a sync run of a connection.
 *
 *   queued run   running run                     then
 *   yes          -                               joined: it will see everything the asker saw
 *   no           has not begun to list           joined, for the same reason
 *   no           has begun to list, or is none   one more run is queued
 *
 * A partial unique index holds two askers of two processes to one queued run.
 */
export async function enqueueRun(args: {
  tx: Tx;
  input: { connectionId: string; trigger: RunTrigger; requestedBy: string };
  now: number;
}): Promise<Enqueued> {
  const { prisma } = args.tx;
  const { connectionId, trigger, requestedBy } = args.input;
  const waiting = await prisma.syncRun.findFirst({
    where: {
      connectionId,
      OR: [{ status: "queued" }, { status: "running", listingStartedAt: null }],
    },
    select: { id: true },
  });
  if (waiting) return { outcome: "joined", runId: waiting.id };

  const connection = await prisma.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { revision: true },
  });
  const run = await prisma.syncRun.create({
    data: {
      id: newId(),
      connectionId,
      revision: connection.revision,
      trigger,
      requestedBy,
      status: "queued",
      queuedAt: BigInt(args.now),
    },
    select: { id: true },
  });
  return { outcome: "queued", runId: run.id };
}
