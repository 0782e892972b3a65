import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConnection } from "@/lib/connections/create-connection";
import { connectBucketInput } from "@/lib/connections/schema";
import type { Actor } from "@/lib/core/actor";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { RUN_KINDS, type RunKind } from "@/lib/rules/run-status";
import { enqueueRun } from "./enqueue-run";

const NOW = 1_000_000_000;
const ADA: Actor = { kind: "person", userId: "1", email: "ada@example.com", address: null };

let database: Database;
let remove: () => Promise<void>;
let connectionId: string;

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const input = connectBucketInput.parse({ bucket: "docs", region: "us-east-1", credentials });
  const columns = { addressingStyle: "path", sealedCredentials: "sealed", nextRunAt: null } as const;
  const created = await database.transaction((tx) =>
    createConnection({ actor: ADA, tx, now: NOW, input: { ...input, ...columns } }),
  );
  connectionId = created.id;
});
afterEach(() => remove());

const ask = (kind: RunKind, planRunId: string | null = null) =>
  database.transaction((tx) =>
    enqueueRun({
      tx,
      now: NOW,
      input: { connectionId, kind, planRunId, trigger: "manual", requestedBy: "test" },
    }),
  );
const runs = () => database.reading((tx) => tx.prisma.syncRun.findMany({ orderBy: { queuedAt: "asc" } }));
const begin = (data: object = {}) =>
  database.transaction((tx) =>
    tx.prisma.syncRun.updateMany({
      where: { status: "queued" },
      data: { status: "running", leaseToken: "w:1", ...data },
    }),
  );
const changeConnection = (data: object) =>
  database.transaction((tx) => tx.prisma.connection.update({ where: { id: connectionId }, data }));

describe("a request for a run", () => {
  test("queues one of the kind that is asked, for the connection's present revision", async () => {
    await changeConnection({ revision: 7 });
    const { outcome } = await ask("apply", "plan-run");
    expect(outcome).toBe("queued");
    expect(await runs()).toMatchObject([
      { kind: "apply", planRunId: "plan-run", revision: 7, status: "queued" },
    ]);
  });

  test("for a reread turns the sync that waits into one, and no second run waits", async () => {
    const first = await ask("sync");
    expect(await ask("reread")).toEqual({ ...first, outcome: "joined" });
    expect(await runs()).toMatchObject([{ kind: "reread", status: "queued" }]);
  });

  test("for a sync joins the reread that waits, which stays one", async () => {
    await ask("reread");
    expect(await ask("sync")).toMatchObject({ outcome: "joined" });
    expect(await runs()).toMatchObject([{ kind: "reread" }]);
  });

  test("for a sync is not swallowed by a plan that waits, nor by a retry", async () => {
    await ask("retry");
    expect(await ask("sync")).toMatchObject({ outcome: "joined" });
    expect(await runs()).toMatchObject([{ kind: "sync" }]);
    await begin({ listingStartedAt: 1n });
    await ask("plan");
    const refused = await ask("sync");
    expect(refused).toMatchObject({ outcome: "refused", why: "queue_taken" });
    expect(refused).toMatchObject({ sentence: expect.stringContaining("A plan waits") });
    expect((await runs()).filter(({ status }) => status === "queued")).toMatchObject([{ kind: "plan" }]);
  });

  test.each(RUN_KINDS)("for a plan is refused while a %s waits", async (kind) => {
    await ask(kind);
    expect(await ask("plan")).toMatchObject({ outcome: "refused", why: "queue_taken" });
  });

  test("joins a run that has begun and listed nothing yet, and no other", async () => {
    await ask("sync");
    await begin();
    expect(await ask("sync")).toMatchObject({ outcome: "joined" });
    await database.transaction((tx) => tx.prisma.syncRun.updateMany({ data: { listingStartedAt: 1n } }));
    expect(await ask("sync")).toMatchObject({ outcome: "queued" });
  });

  test.each([
    ["of settings that have changed", { revision: 2 }],
    ["that is to be canceled", { cancelAskedAt: 1n }],
  ])("does not join a run %s", async (_what, data) => {
    await ask("sync");
    await begin(data);
    expect(await ask("sync")).toMatchObject({ outcome: "queued" });
  });

  test("of a paused connection is refused, and says what to do", async () => {
    await changeConnection({ pausedAt: 1n });
    expect(await ask("sync")).toMatchObject({
      outcome: "refused",
      why: "paused",
      sentence: expect.stringContaining("Resume it"),
    });
    expect(await runs()).toEqual([]);
  });

  test("of a connection that was removed is not found", async () => {
    await changeConnection({ deletedAt: 1n });
    await expect(ask("sync")).rejects.toMatchObject({ code: "not_found" });
  });

  test("twenty at once queue one run", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask("sync")));
    expect(answers.filter(({ outcome }) => outcome === "queued")).toHaveLength(1);
    expect(await runs()).toHaveLength(1);
  });
});
