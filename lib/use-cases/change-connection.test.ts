import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getConnection } from "@/lib/connections/get-connection";
import { type ChangeConnectionInput, changeConnectionInput } from "@/lib/connections/schema";
import { type LocalStore, startLocalStore } from "@/lib/source/testing/local-store";
import { changeConnection } from "./change-connection";
import { pauseConnection } from "./pause-connection";
import { accessDenied, oneObject, oneObjectWithEtag } from "./testing/bucket-store";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let store: LocalStore;
let bench: Connected;
beforeEach(async () => {
  store = await startLocalStore((request, response) => answer(request, response));
  bench = await openConnected({ endpoint: store.settings.endpoint, containerTags: ["old"] });
});
afterEach(async () => {
  answer = oneObject;
  await bench.remove();
  await store.close();
});
let answer = oneObject;

const LATER = NOW + 60_000;

const change = (input: ChangeConnectionInput, actor = ADA) =>
  changeConnection({
    actor,
    read: bench.database.reading,
    write: bench.database.transaction,
    input: { ...changeConnectionInput.parse(input), id: bench.connectionId },
    vault: bench.vault,
    sourceRules: { allowEndpoints: null, allowAmbientCredentials: false },
    signal: new AbortController().signal,
    now: LATER,
  });
const view = () =>
  bench.database.reading((tx) => getConnection({ actor: ADA, tx, input: { id: bench.connectionId } }));
const sealed = async () => JSON.parse(bench.vault.open((await bench.connection()).sealedCredentials));
const auditEntries = () => bench.database.reading((tx) => tx.prisma.auditEntry.findMany());

describe("changing a connection", () => {
  test("of tags and filters asks the store nothing, raises the revision and queues a run", async () => {
    await change({
      containerTags: ["new", "tags"],
      filters: { includeGlobs: ["docs/**"], sizeBytesMax: 9 },
    });
    expect(store.requests).toEqual([]);
    expect(await view()).toMatchObject({
      containerTags: ["new", "tags"],
      filters: { includeGlobs: ["docs/**"], excludeGlobs: [], sizeBytesMax: 9 },
    });
    expect((await bench.connection()).revision).toBe(2);
    expect(await bench.runs()).toMatchObject([{ kind: "sync", status: "queued" }]);
    const [entry] = await auditEntries();
    expect(entry).toMatchObject({ action: "connection.changed", actorLabel: "ada@example.com" });
    expect(JSON.parse(entry?.before ?? "")).toEqual({
      containerTags: ["old"],
      includeGlobs: [],
      sizeBytesMax: null,
    });
    expect(JSON.parse(entry?.after ?? "")).toEqual({
      containerTags: ["new", "tags"],
      includeGlobs: ["docs/**"],
      sizeBytesMax: 9,
    });
  });

  test("of filters takes them one by one, and null takes one away", async () => {
    await change({ filters: { extensions: ["md"], sizeBytesMin: 5 } });
    await change({ filters: { sizeBytesMin: null, excludeGlobs: ["*.tmp"] } });
    expect((await view()).filters).toEqual({
      includeGlobs: [],
      excludeGlobs: ["*.tmp"],
      extensions: ["md"],
      sizeBytesMin: null,
      sizeBytesMax: null,
    });
  });

  test("that takes away lists and choices leaves none and the usual ones", async () => {
    const { addressingStyle: usual } = await view();
    await change({
      filters: { excludeGlobs: ["*.tmp"], extensions: ["md"] },
      tagFallback: "skip",
      documentLimit: 5,
      deletionPolicy: "keep",
      addressingStyle: usual === "path" ? "virtual" : "path",
    });
    const nothing = { tagFallback: null, documentLimit: null, deletionPolicy: null, addressingStyle: null };
    await change(changeConnectionInput.parse({ ...nothing, filters: { excludeGlobs: null } }));
    expect(await view()).toMatchObject({
      filters: { excludeGlobs: [], extensions: ["md"] },
      tagFallback: "connection_tags",
      documentLimit: 10_000,
      deletionPolicy: "remove",
      addressingStyle: usual,
    });
  });

  test("of what is tried remembers whether the store honours If-Match, and of the rest forgets nothing", async () => {
    const known = async () => (await bench.connection()).isIfMatchHonoured;
    answer = oneObjectWithEtag("refused");
    await change({ prefix: "p/" });
    expect(await known()).toBe(false);
    await change({ containerTags: ["new"] });
    expect(await known()).toBe(false);
    // Nobody can tell of a store without ETags: with new keys the store is the same, in another bucket it may not be.
    answer = oneObject;
    await change({
      credentials: { kind: "keys", accessKeyId: "NEW", secretAccessKey: "other", sessionToken: null },
    });
    expect(await known()).toBe(false);
    await change({ bucket: "another" });
    expect(await known()).toBeNull();
  });

  test("of limit, deletion policy and rate leaves revision and runs alone", async () => {
    await change({ documentLimit: 5, deletionPolicy: "keep", requestRateMax: 10 });
    expect(await view()).toMatchObject({ documentLimit: 5, deletionPolicy: "keep", requestRateMax: 10 });
    expect((await bench.connection()).revision).toBe(1);
    expect(await bench.runs()).toEqual([]);
    expect(store.requests).toEqual([]);
  });

  test("of the schedule moves the next run, at its pace even after failures", async () => {
    await bench.database.transaction((tx) => tx.prisma.connection.updateMany({ data: { failureStreak: 9 } }));
    const hour = 3_600_000;
    await change({ schedule: { kind: "interval", cron: null, timeZone: null, intervalMs: hour } });
    const { nextRunAt, failureStreak } = await bench.connection();
    expect(Number(nextRunAt)).toBeGreaterThan(LATER + 0.9 * hour);
    expect(Number(nextRunAt)).toBeLessThan(LATER + 1.1 * hour);
    expect(failureStreak).toBe(0);
    await change({ schedule: { kind: "manual", cron: null, timeZone: null, intervalMs: null } });
    expect((await bench.connection()).nextRunAt).toBeNull();
  });

  test("of the prefix is tried for real with the credentials that are sealed", async () => {
    await change({ prefix: "docs/" });
    expect(store.requests[0]).toContain("prefix=docs%2F");
    expect(await sealed()).toMatchObject({ accessKeyId: "AKIATEST", secretAccessKey: "planted-secret" });
    expect(await bench.runs()).toMatchObject([{ kind: "sync" }]);
  });

  test("of credentials is tried for real and sealed, and no secret is in the audit", async () => {
    await change({
      credentials: {
        kind: "keys",
        accessKeyId: "AKIANEW",
        secretAccessKey: "new-secret",
        sessionToken: "tok",
      },
    });
    expect(await sealed()).toEqual({
      kind: "keys",
      accessKeyId: "AKIANEW",
      secretAccessKey: "new-secret",
      sessionToken: "tok",
    });
    expect((await bench.connection()).revision).toBe(2);
    const audit = JSON.stringify(await auditEntries(), (_, value) =>
      typeof value === "bigint" ? Number(value) : value,
    );
    expect(audit).toContain("credentials");
    expect(audit).not.toMatch(/AKIANEW|new-secret|AKIATEST|planted-secret/);
  });

  test("that the store refuses changes nothing", async () => {
    answer = accessDenied;
    const before = await bench.connection();
    await expect(change({ bucket: "others" })).rejects.toMatchObject({ code: "source_denied" });
    expect(await bench.connection()).toEqual(before);
    expect(await bench.runs()).toEqual([]);
    expect(await auditEntries()).toEqual([]);
  });

  test("of the bucket reads everything again", async () => {
    await change({ bucket: "others" });
    expect(await bench.runs()).toMatchObject([{ kind: "reread", status: "queued" }]);
  });

  test("to what it is writes nothing", async () => {
    await change({ containerTags: ["old"], documentLimit: 10_000 });
    expect(await auditEntries()).toEqual([]);
    expect((await bench.connection()).updatedAt).toBe(BigInt(NOW));
  });

  test("supersedes a plan that waits, and the new settings are synced", async () => {
    await bench.enqueue("plan");
    await change({ containerTags: ["new"] });
    expect(await bench.runs()).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ kind: "plan", status: "canceled", errorCode: "superseded" }),
        expect.objectContaining({ kind: "sync", status: "queued" }),
      ]),
    );
  });

  test("does not join the run that has just begun for the former settings", async () => {
    await bench.enqueue("sync");
    const [run] = await bench.runs();
    await bench.moveRun(run?.id ?? "", { status: "running" });
    await change({ containerTags: ["new"] });
    expect((await bench.runs()).map(({ status }) => status).sort()).toEqual(["queued", "running"]);
  });

  test("while it is paused owes the run until it is resumed", async () => {
    await bench.database.transaction((tx) =>
      pauseConnection({ actor: ADA, tx, now: NOW, input: { id: bench.connectionId } }),
    );
    await change({ containerTags: ["new"] });
    expect(await bench.runs()).toEqual([]);
    expect((await bench.connection()).nextRunAt).toBe(BigInt(LATER));
  });

  test("by two at once is refused to one of them, and what the other wrote stays", async () => {
    const both = await Promise.allSettled([
      change({ containerTags: ["one"] }),
      change({ containerTags: ["two"] }),
    ]);
    const refused = both.filter((result) => result.status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "conflict" } }]);
    expect((await bench.connection()).revision).toBe(2);
  });

  test("with sizes that do not go together is refused by the field, whenever each was said", async () => {
    await change({ filters: { sizeBytesMin: 100 } });
    await expect(change({ filters: { sizeBytesMax: 50 } })).rejects.toMatchObject({
      code: "invalid_input",
      details: expect.stringContaining("metadata.sizeBytesMax"),
    });
  });

  test("needs full access and a connection", async () => {
    await expect(change({ documentLimit: 5 }, TENANT)).rejects.toMatchObject({ code: "forbidden" });
    await bench.database.transaction((tx) => tx.prisma.connection.updateMany({ data: { deletedAt: 1n } }));
    await expect(change({ documentLimit: 5 })).rejects.toMatchObject({ code: "not_found" });
  });
});
