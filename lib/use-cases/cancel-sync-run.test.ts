import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cancelSyncRun } from "./cancel-sync-run";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let bench: Connected;
let runId: string;
beforeEach(async () => {
  bench = await openConnected();
  await bench.enqueue("sync");
  runId = (await bench.runs())[0]?.id ?? "";
});
afterEach(() => bench.remove());

const cancel = (actor = ADA, connectionId = bench.connectionId) =>
  bench.database.transaction((tx) =>
    cancelSyncRun({ actor, tx, now: NOW, input: { id: runId, connectionId } }),
  );

describe("canceling a run", () => {
  test("that waits ends it at once, and says by whom", async () => {
    expect(await cancel()).toEqual({ outcome: "canceled" });
    expect(await bench.runs()).toMatchObject([{ status: "canceled", errorCode: "canceled" }]);
    const row = await bench.database.reading((tx) => tx.prisma.syncRun.findUnique({ where: { id: runId } }));
    expect(row).toMatchObject({
      completedAt: BigInt(NOW),
      error: expect.stringContaining("ada@example.com"),
    });
    expect(await bench.audit()).toEqual(["sync_run.canceled"]);
  });

  test("that is under way asks its worker, and asking again changes nothing", async () => {
    await bench.moveRun(runId, { status: "running" });
    expect(await cancel()).toEqual({ outcome: "asked" });
    const { database } = bench;
    const asked = () =>
      database.reading((tx) => tx.prisma.syncRun.findUniqueOrThrow({ where: { id: runId } }));
    const first = (await asked()).cancelAskedAt;
    expect(first).toBe(BigInt(NOW));
    expect(await cancel()).toEqual({ outcome: "asked" });
    expect(await asked()).toMatchObject({ status: "running", cancelAskedAt: first });
  });

  test.each(["completed", "failed", "canceled"] as const)(
    "that is %s is refused in a sentence",
    async (status) => {
      await bench.moveRun(runId, { status });
      await expect(cancel()).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("over"),
      });
      expect(await bench.runs()).toMatchObject([{ status, isCancelAsked: false }]);
      expect(await bench.audit()).toEqual([]);
    },
  );

  test("of another connection is not found, and needs full access", async () => {
    await expect(cancel(ADA, "another")).rejects.toMatchObject({ code: "not_found" });
    await expect(cancel(TENANT)).rejects.toMatchObject({ code: "forbidden" });
    expect(await bench.runs()).toMatchObject([{ status: "queued" }]);
  });
});
