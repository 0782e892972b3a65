import os from "node:os";
import { CLOCKS_APART_MS_MAX, HEARTBEAT_FRESH_MS, LEASE_MS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { expireLeases } from "@/lib/db/sql/claims";
import { renewBatches } from "@/lib/db/sql/read-batches";
import { PROCESS_SPACE } from "./process-space";

/** A worker with the lease tokens of the batches that it reads. */
export type LivingWorker = { id: string; startedAt: number; reading: ReadonlySet<string> };

/** Says that this worker lives, and that it still reads what it has claimed. */
export async function beat(tx: Tx, worker: LivingWorker, now: number): Promise<void> {
  const seenAt = BigInt(now);
  await tx.prisma.workerHeartbeat.upsert({
    where: { id: worker.id },
    update: { seenAt },
    create: {
      id: worker.id,
      host: os.hostname(),
      processSpace: PROCESS_SPACE,
      pid: process.pid,
      startedAt: BigInt(worker.startedAt),
      seenAt,
    },
  });
  await renewBatches(tx, [...worker.reading], now + LEASE_MS);
}

/** The workers that live beside one. */
export type OtherWorkers = {
  count: number;
  /** Those whose clock is ahead of this one's by more than clocks may be apart. */
  ahead: { id: string; host: string; aheadMs: number }[];
};

/**
 * Ends the leases of workers that are gone: those whose process was to be found here and is not, and those not heard
 * of for long. Leases would end by themselves; this is sooner after a crash and a restart. Resolves with who is left.
 */
export async function buryDeadWorkers(tx: Tx, selfId: string, now: number): Promise<OtherWorkers> {
  const others = await tx.prisma.workerHeartbeat.findMany({ where: { id: { not: selfId } } });
  const left: OtherWorkers = { count: 0, ahead: [] };
  for (const worker of others) {
    const aheadMs = Number(worker.seenAt) - now;
    const isSilent = -aheadMs > HEARTBEAT_FRESH_MS * 3;
    const isGone = worker.processSpace === PROCESS_SPACE && !isAlive(worker.pid);
    if (isSilent || isGone) {
      await expireLeases(tx, worker.id, now);
      await leave(tx, worker.id);
      continue;
    }
    left.count += 1;
    if (aheadMs > CLOCKS_APART_MS_MAX) left.ahead.push({ id: worker.id, host: worker.host, aheadMs });
  }
  return left;
}

/** A process id may have been given to another program since; then the lease's own end decides. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}

export async function leave(tx: Tx, workerId: string): Promise<void> {
  await tx.prisma.workerHeartbeat.deleteMany({ where: { id: workerId } });
}
