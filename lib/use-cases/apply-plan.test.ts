import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PLAN_KEPT_MS } from "@/lib/core/limits";
import { getPlan } from "@/lib/sync-runs/get-plan";
import { listRunChanges } from "@/lib/sync-runs/list-run-changes";
import { applyPlan } from "./apply-plan";
import { requestPlan } from "./request-plan";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let bench: Connected;
let planRunId: string;
beforeEach(async () => {
  bench = await openConnected();
  planRunId = (await ask()).runId;
});
afterEach(() => bench.remove());

const ask = (actor = ADA) =>
  bench.database.transaction((tx) =>
    requestPlan({ actor, tx, now: NOW, input: { connectionId: bench.connectionId } }),
  );
const apply = (args: { now?: number; actor?: typeof ADA; connectionId?: string; planRunId?: string } = {}) =>
  bench.database.transaction((tx) =>
    applyPlan({
      actor: args.actor ?? ADA,
      tx,
      now: args.now ?? NOW,
      input: {
        connectionId: args.connectionId ?? bench.connectionId,
        planRunId: args.planRunId ?? planRunId,
      },
    }),
  );
const plan = (now = NOW) =>
  bench.database.reading((tx) => getPlan({ actor: ADA, tx, now, input: { runId: planRunId } }));
const complete = () =>
  bench.moveRun(planRunId, { status: "completed", completedAt: BigInt(NOW), listRequests: 3 });

describe("a plan", () => {
  test("is asked for once at a time, by those with full access", async () => {
    expect(await bench.runs()).toMatchObject([{ id: planRunId, kind: "plan", status: "queued" }]);
    await expect(ask()).rejects.toMatchObject({ code: "conflict" });
    await expect(ask(TENANT)).rejects.toMatchObject({ code: "forbidden" });
    expect(await bench.audit()).toEqual(["plan.requested"]);
  });

  test("says what it would read, by its lines, and until when it holds", async () => {
    await complete();
    const line = { runId: planRunId, at: BigInt(NOW), etag: "e" };
    const lines = [
      { ...line, key: "a", kind: "added", sizeBytes: 100n },
      { ...line, key: "b", kind: "updated", sizeBytes: 20n },
      { ...line, key: "c", kind: "retagged", sizeBytes: 3n },
      { ...line, key: "d", kind: "removed", sizeBytes: null },
    ];
    await bench.database.transaction((tx) => tx.prisma.runChange.createMany({ data: lines }));
    expect(await plan()).toMatchObject({
      run: { kind: "plan", status: "completed" },
      cost: { bytesToRead: 120, requests: { list: 3, get: 2 } },
      expiresAt: NOW + PLAN_KEPT_MS,
      isCurrent: true,
      problem: null,
    });
    const added = await bench.database.reading((tx) =>
      listRunChanges({ actor: ADA, tx, input: { runId: planRunId, kind: "added", afterKey: "" } }),
    );
    expect(added).toMatchObject([{ key: "a", etag: "e", sizeBytes: 100 }]);
  });

  test("of another kind of run is not found", async () => {
    await bench.moveRun(planRunId, { status: "running" });
    await bench.enqueue("sync");
    const sync = (await bench.runs()).find(({ kind }) => kind === "sync");
    const read = bench.database.reading((tx) =>
      getPlan({ actor: ADA, tx, now: NOW, input: { runId: sync?.id ?? "" } }),
    );
    await expect(read).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("applying a plan", () => {
  test("queues a run that names it, and then it is applied", async () => {
    await complete();
    const { runId } = await apply();
    expect(await bench.runs()).toContainEqual(
      expect.objectContaining({ id: runId, kind: "apply", status: "queued" }),
    );
    expect((await plan()).problem).toContain("applied already");
    await expect(apply()).rejects.toMatchObject({ code: "conflict" });
    expect(await bench.audit()).toEqual(["plan.requested", "plan.applied"]);
  });

  test("can be asked for again after a run that failed, not after one that completed", async () => {
    await complete();
    const { runId } = await apply();
    await bench.moveRun(runId, { status: "failed" });
    const again = await apply();
    await bench.moveRun(again.runId, { status: "completed" });
    await expect(apply()).rejects.toMatchObject({ code: "conflict" });
  });

  test("of two at once one is refused", async () => {
    await complete();
    const both = await Promise.allSettled([apply(), apply()]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("is refused before it is complete, after 24 hours, and when the connection has changed", async () => {
    await expect(apply()).rejects.toMatchObject({ message: expect.stringContaining("not ready") });
    await complete();
    await expect(apply({ now: NOW + PLAN_KEPT_MS })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("24 hours"),
    });
    await bench.database.transaction((tx) => tx.prisma.connection.updateMany({ data: { revision: 2 } }));
    await expect(apply()).rejects.toMatchObject({ message: expect.stringContaining("changed") });
    expect((await bench.runs()).map(({ kind }) => kind)).toEqual(["plan"]);
  });

  test("is refused while another run waits", async () => {
    await complete();
    await bench.enqueue("sync");
    await expect(apply()).rejects.toMatchObject({ code: "conflict" });
  });

  test("of another connection is not found, and it needs full access", async () => {
    await complete();
    await expect(apply({ connectionId: "another" })).rejects.toMatchObject({ code: "not_found" });
    await expect(apply({ planRunId: "nothing" })).rejects.toMatchObject({ code: "not_found" });
    await expect(apply({ actor: TENANT })).rejects.toMatchObject({ code: "forbidden" });
  });
});
