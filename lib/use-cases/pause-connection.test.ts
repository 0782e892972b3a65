import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pauseConnection } from "./pause-connection";
import { resumeConnection } from "./resume-connection";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let bench: Connected;
beforeEach(async () => {
  bench = await openConnected();
});
afterEach(() => bench.remove());

const pause = (actor = ADA, id = bench.connectionId) =>
  bench.database.transaction((tx) => pauseConnection({ actor, tx, now: NOW, input: { id } }));
const resume = (actor = ADA, id = bench.connectionId) =>
  bench.database.transaction((tx) => resumeConnection({ actor, tx, now: NOW, input: { id } }));

describe("pausing a connection", () => {
  test("keeps its schedule when nothing was cut, and is in the audit once however often it is asked", async () => {
    await pause();
    await pause();
    expect(await bench.connection()).toMatchObject({ pausedAt: BigInt(NOW), nextRunAt: BigInt(NOW + 1_000) });
    expect(await bench.audit()).toEqual(["connection.paused"]);
  });

  test("cancels the run that waits, and owes it", async () => {
    await bench.enqueue("sync");
    await pause();
    expect(await bench.runs()).toMatchObject([{ status: "canceled", errorCode: "paused" }]);
    expect((await bench.connection()).nextRunAt).toBe(BigInt(NOW));
  });

  test("asks the run under way to end, and owes it", async () => {
    await bench.enqueue("sync");
    const [run] = await bench.runs();
    await bench.moveRun(run?.id ?? "", { status: "running" });
    await pause();
    expect(await bench.runs()).toMatchObject([{ status: "running", isCancelAsked: true }]);
    expect((await bench.connection()).nextRunAt).toBe(BigInt(NOW));
  });

  test("is undone by resuming, once", async () => {
    await pause();
    await resume();
    await resume();
    expect((await bench.connection()).pausedAt).toBeNull();
    expect(await bench.audit()).toEqual(["connection.paused", "connection.resumed"]);
  });

  test("needs full access and a connection, and so does resuming", async () => {
    await expect(pause(TENANT)).rejects.toMatchObject({ code: "forbidden" });
    await expect(resume(TENANT)).rejects.toMatchObject({ code: "forbidden" });
    await expect(pause(ADA, "nobody")).rejects.toMatchObject({ code: "not_found" });
    await expect(resume(ADA, "nobody")).rejects.toMatchObject({ code: "not_found" });
    expect((await bench.connection()).pausedAt).toBeNull();
  });
});
