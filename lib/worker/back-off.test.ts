import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getConnection } from "@/lib/connections/get-connection";
import { SluiceError } from "@/lib/core/errors";
import { RETRY_KEYS_MAX } from "@/lib/core/limits";
import { applyPlan } from "@/lib/use-cases/apply-plan";
import { requestPlan } from "@/lib/use-cases/request-plan";
import { requestSync } from "@/lib/use-cases/request-sync";
import { retryFailures } from "@/lib/use-cases/retry-failures";
import { TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

const HOUR = 3_600_000;

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  await set({ nextRunAt: BigInt(bench.clock.now) });
});
afterEach(() => bench.remove());

const set = (data: object) =>
  bench.database.transaction(({ prisma }) => prisma.connection.updateMany({ data }));
const view = () =>
  bench.database.reading((tx) => getConnection({ actor: TESTER, tx, input: { id: bench.connectionId } }));
/** In hours from now on. */
const hoursToNext = async () => {
  const { nextRunAt } = await view();
  return nextRunAt === null ? null : (nextRunAt - bench.clock.now) / HOUR;
};
const refuseListing = () => {
  bench.bucket.beforePage = () => {
    throw new SluiceError({ code: "source_denied", effect: "stop", message: "The key may not list." });
  };
};
const failTimes = async (times: number) => {
  refuseListing();
  for (let run = 0; run < times; run++) expect((await bench.sync()).status).toBe("failed");
};

describe("a schedule whose runs fail", () => {
  test("keeps its pace for two, then waits twice as long with each, and says so", async () => {
    await failTimes(2);
    expect(await hoursToNext()).toBe(4);
    expect((await view()).backOff).toBeNull();
    await failTimes(1);
    expect(await hoursToNext()).toBe(8);
    expect((await view()).backOff).toMatchObject({ failures: 3 });
    await failTimes(2);
    expect(await hoursToNext()).toBe(24);
  });

  test("is back at its pace after a run that completes", async () => {
    await failTimes(3);
    bench.bucket.beforePage = null;
    await bench.sync();
    expect(await hoursToNext()).toBe(4);
    expect((await view()).backOff).toBeNull();
  });
});

describe("a person who asks for a retry", () => {
  const putFailure = () =>
    bench.database.transaction(({ prisma }) =>
      prisma.sourceObject.create({
        data: {
          connectionId: bench.connectionId,
          key: "a.txt",
          listedEtag: "e",
          sizeBytes: 5n,
          lastModified: 1n,
          storageClass: "STANDARD",
          outcome: "failed",
          reason: "extract_failed",
        },
      }),
    );
  const retry = () =>
    retryFailures({
      actor: TESTER,
      write: bench.database.transaction,
      now: bench.clock.now,
      input: { connectionId: bench.connectionId, keys: null },
    });

  test("takes the next run back to the schedule's own distance, also where it was put off by a day", async () => {
    await failTimes(5);
    await putFailure();
    expect(await retry()).toMatchObject({ retried: 1 });
    expect(await hoursToNext()).toBe(4);
    expect((await view()).backOff).toBeNull();
    // What was asked for moves no schedule, and leaves this one where it is.
    expect((await bench.sync({ isResumed: true })).kind).toBe("retry");
    expect(await hoursToNext()).toBeCloseTo(4, 2);
  });

  test("never puts a run off that is nearer than that", async () => {
    await failTimes(3);
    await putFailure();
    await set({ nextRunAt: BigInt(bench.clock.now + HOUR) });
    await retry();
    expect(await hoursToNext()).toBe(1);
  });

  test("leaves a connection without a schedule without one", async () => {
    await set({ scheduleKind: "manual", nextRunAt: null, failureStreak: 3 });
    await putFailure();
    await retry();
    expect(await hoursToNext()).toBeNull();
  });
});

test.each(["sync", "reread", "plan", "apply"] as const)(
  "a run of the kind %s that is asked for by hand ends the waiting",
  async (kind) => {
    bench.bucket.put("a.txt", "text");
    const plan = await bench.sync({ kind: "plan" });
    await set({ failureStreak: 5 });
    expect((await view()).backOff).not.toBeNull();
    const asked = { actor: TESTER, now: bench.clock.now };
    const { connectionId } = bench;
    await bench.database.transaction(async (tx) => {
      if (kind === "plan") return requestPlan({ ...asked, tx, input: { connectionId } });
      if (kind === "apply") return applyPlan({ ...asked, tx, input: { connectionId, planRunId: plan.id } });
      return requestSync({ ...asked, tx, input: { connectionId, kind } });
    });
    expect((await view()).backOff).toBeNull();
  },
);

test("a retry that had to list everything counts as the scheduled run", async () => {
  const due = { listedEtag: "e", sizeBytes: 5n, lastModified: 1n, storageClass: "STANDARD", nextTryAt: 0n };
  const { connectionId } = bench;
  const failed = { ...due, connectionId, outcome: "failed", reason: "extract_failed" };
  const keys = Array.from({ length: RETRY_KEYS_MAX + 1 }, (_, at) => `${at}.txt`);
  await bench.database.transaction(({ prisma }) =>
    prisma.sourceObject.createMany({ data: keys.map((key) => ({ ...failed, key })) }),
  );
  expect((await bench.sync({ kind: "retry" })).kind).toBe("sync");
  expect(await hoursToNext()).toBe(4);
});
