import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MADE_DUE_OBJECTS_MAX } from "@/lib/core/limits";
import { listConnectionFailures, listRunFailures } from "@/lib/sync-runs/list-failures";
import { pauseConnection } from "./pause-connection";
import { retryFailures } from "./retry-failures";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let bench: Connected;
beforeEach(async () => {
  bench = await openConnected();
});
afterEach(() => bench.remove());

const LATER = BigInt(NOW + 1_000_000);

async function putObjects(objects: { key: string; outcome?: string; reason?: string }[]): Promise<void> {
  const data = objects.map(({ key, outcome = "failed", reason = "extract_failed" }) => ({
    connectionId: bench.connectionId,
    key,
    listedEtag: "e",
    sizeBytes: 5n,
    lastModified: BigInt(NOW),
    storageClass: "STANDARD",
    outcome,
    reason: outcome === "failed" ? reason : null,
    stage: outcome === "failed" ? "extract" : null,
    message: outcome === "failed" ? `${key} cannot be read.` : null,
    attempts: 4,
    nextTryAt: LATER,
  }));
  await bench.database.transaction((tx) => tx.prisma.sourceObject.createMany({ data }));
}

const retry = (keys: string[] | null, actor = ADA, connectionId = bench.connectionId) =>
  retryFailures({ actor, write: bench.database.transaction, now: NOW, input: { connectionId, keys } });
const failures = (page: { afterKey?: string; limit?: number } = {}) =>
  bench.database.reading((tx) =>
    listConnectionFailures({ actor: ADA, tx, input: { connectionId: bench.connectionId, ...page } }),
  );
const dueKeys = async () =>
  (
    await bench.database.reading((tx) =>
      tx.prisma.sourceObject.findMany({ where: { nextTryAt: 0n, attempts: 0 }, orderBy: { key: "asc" } }),
    )
  ).map(({ key }) => key);

describe("the failures of a connection", () => {
  test("are its failed objects in the order of their bytes, page by page, with class, stage and next try", async () => {
    await putObjects([
      { key: "b", reason: "object_changed" },
      { key: "\uff01" },
      { key: "😀" },
      { key: "a" },
      { key: "stored", outcome: "stored" },
    ]);
    const first = await failures({ limit: 2 });
    expect(first).toMatchObject({
      failures: [
        {
          key: "a",
          stage: "extract",
          class: "extract_failed",
          code: "extract_failed",
          message: "a cannot be read.",
          attempt: 4,
          nextTryAt: Number(LATER),
        },
        { key: "b", class: "changed_while_reading" },
      ],
      nextAfterKey: "b",
    });
    const second = await failures({ afterKey: "b", limit: 2 });
    expect(second.failures.map(({ key }) => key)).toEqual(["\uff01", "😀"]);
    expect(second.nextAfterKey).toBeNull();
  });

  test("need full access, also those of a run", async () => {
    const { database, connectionId } = bench;
    const ofConnection = database.reading((tx) =>
      listConnectionFailures({ actor: TENANT, tx, input: { connectionId } }),
    );
    await expect(ofConnection).rejects.toMatchObject({ code: "forbidden" });
    const ofRun = database.reading((tx) => listRunFailures({ actor: TENANT, tx, input: { runId: "r" } }));
    await expect(ofRun).rejects.toMatchObject({ code: "forbidden" });
  });

  test("of one run are what failed in it, as it was then", async () => {
    await bench.enqueue("sync");
    const runId = (await bench.runs())[0]?.id ?? "";
    const row = { runId, at: BigInt(NOW), attempt: 1, nextTryAt: null, stage: "fetch", message: "Denied." };
    await bench.database.transaction((tx) =>
      tx.prisma.runChange.createMany({
        data: [
          { ...row, key: "a", kind: "failed", reason: "object_denied" },
          { ...row, key: "b", kind: "added", reason: null },
        ],
      }),
    );
    const page = await bench.database.reading((tx) => listRunFailures({ actor: ADA, tx, input: { runId } }));
    expect(page).toMatchObject({
      failures: [{ key: "a", class: "denied", stage: "fetch", attempt: 1, nextTryAt: null }],
      nextAfterKey: null,
    });
  });
});

describe("trying failed objects again", () => {
  test("by key makes those due as if never tried, queues a retry, and names keys that are not failed", async () => {
    await putObjects([{ key: "a" }, { key: "b" }, { key: "stored", outcome: "stored" }]);
    const done = await retry(["b", "stored", "nowhere", "b"]);
    expect(done).toMatchObject({
      retried: 1,
      unknownKeys: ["stored", "nowhere"],
      run: { outcome: "queued" },
    });
    expect(await dueKeys()).toEqual(["b"]);
    expect(await bench.runs()).toMatchObject([{ kind: "retry", status: "queued" }]);
    expect(await bench.audit()).toEqual(["failures.retried"]);
  });

  test("all of them reaches every piece", async () => {
    const keys = Array.from(
      { length: MADE_DUE_OBJECTS_MAX + 3 },
      (_, at) => `k${String(at).padStart(6, "0")}`,
    );
    await putObjects([...keys.map((key) => ({ key })), { key: "z", outcome: "stored" }]);
    expect(await retry(null)).toMatchObject({ retried: keys.length, unknownKeys: [] });
    expect(await dueKeys()).toEqual(keys);
  });

  test("where nothing failed queues nothing and says so", async () => {
    await putObjects([{ key: "stored", outcome: "stored" }]);
    expect(await retry(null)).toEqual({ retried: 0, unknownKeys: [], run: null });
    expect(await retry(["stored"])).toEqual({ retried: 0, unknownKeys: ["stored"], run: null });
    expect(await bench.runs()).toEqual([]);
    expect(await bench.audit()).toEqual([]);
  });

  test("joins the sync that waits", async () => {
    await putObjects([{ key: "a" }]);
    await bench.enqueue("sync");
    expect(await retry(null)).toMatchObject({ run: { outcome: "joined" } });
    expect(await bench.runs()).toMatchObject([{ kind: "sync" }]);
  });

  test("never touches objects of another connection", async () => {
    await putObjects([{ key: "a" }]);
    await bench.database.transaction((tx) =>
      tx.prisma.sourceObject.updateMany({ data: { connectionId: "another" } }),
    );
    expect(await retry(["a"])).toMatchObject({ retried: 0, unknownKeys: ["a"] });
    expect(await dueKeys()).toEqual([]);
  });

  test("needs a connection that is not paused, and full access", async () => {
    await putObjects([{ key: "a" }]);
    await expect(retry(null, TENANT)).rejects.toMatchObject({ code: "forbidden" });
    await expect(retry(null, ADA, "nobody")).rejects.toMatchObject({ code: "not_found" });
    expect(await dueKeys()).toEqual([]);
    await bench.database.transaction((tx) =>
      pauseConnection({ actor: ADA, tx, now: NOW, input: { id: bench.connectionId } }),
    );
    await expect(retry(null)).rejects.toMatchObject({ code: "conflict" });
    expect(await bench.runs()).toEqual([]);
  });
});
