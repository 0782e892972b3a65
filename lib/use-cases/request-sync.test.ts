import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getConnection } from "@/lib/connections/get-connection";
import { pauseConnection } from "./pause-connection";
import { requestSync, requestSyncByTags } from "./request-sync";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let bench: Connected;
beforeEach(async () => {
  bench = await openConnected({ containerTags: ["org"] });
});
afterEach(() => bench.remove());

const ask = (kind?: "sync" | "reread", actor = ADA) =>
  bench.database.transaction((tx) =>
    requestSync({ actor, tx, now: NOW, input: { connectionId: bench.connectionId, kind } }),
  );
const askByTags = (containerTags: string[]) =>
  requestSyncByTags({
    actor: ADA,
    read: bench.database.reading,
    write: bench.database.transaction,
    now: NOW,
    input: { containerTags },
  });
const pause = () =>
  bench.database.transaction((tx) =>
    pauseConnection({ actor: ADA, tx, now: NOW, input: { id: bench.connectionId } }),
  );
const view = () =>
  bench.database.reading((tx) => getConnection({ actor: ADA, tx, input: { id: bench.connectionId } }));

describe("asking for a sync by hand", () => {
  test("queues a run, and asking again joins it; both are in the audit", async () => {
    const first = await ask();
    expect(first.outcome).toBe("queued");
    expect(await ask()).toEqual({ ...first, outcome: "joined" });
    expect(await bench.runs()).toMatchObject([{ id: first.runId, kind: "sync", status: "queued" }]);
    expect(await bench.audit()).toEqual(["sync_run.requested", "sync_run.requested"]);
  });

  test("for everything again queues a reread", async () => {
    await ask("reread");
    expect(await bench.runs()).toMatchObject([{ kind: "reread" }]);
  });

  test("takes a schedule that has slowed down back to its pace", async () => {
    await bench.database.transaction((tx) => tx.prisma.connection.updateMany({ data: { failureStreak: 5 } }));
    expect((await view()).backOff).toMatchObject({ failures: 5, untilAt: NOW + 1_000 });
    await ask();
    expect((await view()).backOff).toBeNull();
    // A run that is nearer than the schedule's own distance stays where it is.
    expect((await bench.connection()).nextRunAt).toBe(BigInt(NOW + 1_000));
  });

  test("while it is paused is refused with what to do, and nothing is written", async () => {
    await pause();
    await expect(ask()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Resume"),
    });
    expect(await bench.runs()).toEqual([]);
    expect(await bench.audit()).toEqual(["connection.paused"]);
  });

  test("while a plan waits is refused, and the plan stays", async () => {
    await bench.enqueue("plan");
    await expect(ask()).rejects.toMatchObject({ code: "conflict" });
    expect(await bench.runs()).toMatchObject([{ kind: "plan", status: "queued" }]);
  });

  test("needs full access", async () => {
    await expect(ask("sync", TENANT)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("asking for a sync by tags", () => {
  test("reaches those that have them, and none with others", async () => {
    await askByTags(["elsewhere"]);
    expect(await bench.runs()).toEqual([]);
    await askByTags(["org"]);
    expect(await bench.runs()).toHaveLength(1);
  });

  test("says why when the only one is paused", async () => {
    await pause();
    await expect(askByTags(["org"])).rejects.toMatchObject({ code: "conflict" });
  });
});
