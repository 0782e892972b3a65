import type { Logger } from "@/lib/core/log";
import { type BatchQueue, embeddedQueue } from "./batch-queue";

/** pg-boss where workers share a PostgreSQL; nothing but the rows where one worker is alone with its file. */
export async function openQueue(args: {
  databaseUrl: string | null;
  log: Logger;
  now: () => number;
}): Promise<BatchQueue> {
  const { databaseUrl, ...rest } = args;
  if (databaseUrl === null) return embeddedQueue();
  const { openBossQueue } = await import("./boss-queue");
  return openBossQueue({ databaseUrl, ...rest });
}
