import PgBoss from "pg-boss";
import { BATCH_RECHECK_MS, CLAIM_POLL_MS, LEASE_MS } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { SqlBinding } from "@/lib/db/sql-session";
import { type BatchOffer, type BatchQueue, openBell } from "./batch-queue";

const QUEUE = "read-batch";

/**
 * For workers that share a PostgreSQL: pg-boss hands each word to one of them. A word of a worker that died comes back
 * when it expires; sooner than that, every worker looks at the rows by itself now and then, so what was lost is found.
 */
export async function openBossQueue(args: {
  databaseUrl: string;
  log: Logger;
  now: () => number;
}): Promise<BatchQueue> {
  const boss = new PgBoss({
    connectionString: args.databaseUrl,
    application_name: "sluice-queue",
    max: 2,
    // The schedule is Sluice's own; pg-boss only keeps its tables tidy.
    schedule: false,
  });
  boss.on("error", (thrown) => args.log.warn({ err: thrown }, "the queue met an error and goes on"));
  await boss.start();
  await boss.createQueue(QUEUE);
  const bell = openBell();
  let checkedAt = 0;

  return {
    announce: async (tx, count) => {
      const db = {
        executeSql: async (text: string, values: unknown[]) => ({
          rows: await tx.sql.all(text, ...values.map(binding)),
        }),
      };
      const job = { name: QUEUE, expireInSeconds: (LEASE_MS / 1_000) * 2, retryLimit: 1 };
      await boss.insert(
        Array.from({ length: count }, () => ({ ...job })),
        { db },
      );
    },
    wake: () => {
      // What has changed in this process may be seen in the rows at once.
      checkedAt = 0;
      bell.ring();
    },
    take: async (countMax) => {
      if (countMax === 0) return [];
      const jobs = await boss.fetch(QUEUE, { batchSize: countMax });
      const offers: BatchOffer[] = jobs.map(({ id }) => ({ done: () => boss.complete(QUEUE, id) }));
      const isRechecked = offers.length < countMax && args.now() - checkedAt >= BATCH_RECHECK_MS;
      if (!isRechecked) return offers;
      checkedAt = args.now();
      return [...offers, { done: async () => {} }];
    },
    wait: (signal) => bell.heard(CLAIM_POLL_MS, signal),
    close: () => boss.stop({ graceful: false }),
  };
}

function binding(value: unknown): SqlBinding {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  return JSON.stringify(value);
}
