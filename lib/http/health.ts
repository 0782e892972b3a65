import { systemClock } from "@/lib/core/clock";
import { HEARTBEAT_FRESH_MS } from "@/lib/core/limits";
import { installation } from "./installation";

/** Whether the database answers a question. */
export async function isDatabaseWell(): Promise<boolean> {
  try {
    await installation().database.reading(({ prisma }) => prisma.setting.count());
    return true;
  } catch {
    return false;
  }
}

/** Whether any worker has said lately that it lives. */
export async function isWorkerWell(): Promise<boolean> {
  const freshSince = BigInt(systemClock() - HEARTBEAT_FRESH_MS);
  try {
    const { database } = installation();
    const count = await database.reading(({ prisma }) =>
      prisma.workerHeartbeat.count({ where: { seenAt: { gte: freshSince } } }),
    );
    return count > 0;
  } catch {
    return false;
  }
}
