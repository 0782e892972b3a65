import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../database";
import { object } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { noLongerQueued, recordStored, recordUnread } from "./outcomes";

const run = { runId: "r", connectionId: "c" };
const waiting = { outcome: "queued", wantedRun: "r", wantedTags: "t", wantedBatch: 0 };
const former = {
  storedEtag: '"old"',
  storedSizeBytes: 1n,
  storedModified: 2n,
  storedTags: "old",
  documentId: "d",
};

let database: Database;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ database, remove } = temporaryDatabase());
  const data = [
    { ...object("waits"), ...waiting, attempts: 2, reason: "timeout", detected: "text/plain" },
    { ...object("waits too"), ...waiting, ...former },
    { ...object("of another run"), ...waiting, wantedRun: "other" },
    { ...object("of another connection"), ...waiting, connectionId: "other" },
    object("stored"),
  ];
  await database.transaction(({ prisma }) => prisma.sourceObject.createMany({ data }));
});
afterAll(() => remove());

const row = (key: string) =>
  database.reading(({ prisma }) =>
    prisma.sourceObject.findUniqueOrThrow({ where: { connectionId_key: { connectionId: "c", key } } }),
  );
const version = { etag: '"new"', sizeBytes: 9, lastModified: 10 };
const settled = { wantedRun: null, wantedTags: null, wantedBatch: null, extractorVersion: 4 };

test("an outcome comes too late unless its object waits for this very run", async () => {
  const keys = ["waits", "waits too", "of another run", "of another connection", "stored", "unknown"];
  const late = await database.transaction((tx) => noLongerQueued(tx, run, keys));
  expect([...late].sort()).toEqual(["of another connection", "of another run", "stored", "unknown"]);
});

test("what is stored is the version that was read, and nothing of a former failure stays", async () => {
  const objects = [{ key: "waits", ...version, documentId: "new", tags: "a,b" }];
  await database.transaction((tx) => recordStored(tx, run, { objects, extractorVersion: 4 }));
  expect(await row("waits")).toMatchObject({
    ...settled,
    outcome: "stored",
    listedEtag: '"new"',
    storedEtag: '"new"',
    storedSizeBytes: 9n,
    storedModified: 10n,
    storedTags: "a,b",
    documentId: "new",
    attempts: 0,
    reason: null,
    detected: null,
    seenEtag: null,
    storageClass: "STANDARD",
  });
});

test("what could not be read says what kind it is, and leaves the stored version, and its document, as they were", async () => {
  const failure = { attempts: 3, reason: "timeout", message: "m", nextTryAt: 11, detected: "image/png" };
  const stage = "fetch" as const;
  const outcome = "failed" as const;
  const objects = [{ key: "waits too", ...version, ...failure, stage, outcome, documentId: null }];
  await database.transaction((tx) => recordUnread(tx, run, { objects, extractorVersion: 4 }));
  expect(await row("waits too")).toMatchObject({
    ...settled,
    ...former,
    ...failure,
    nextTryAt: 11n,
    stage,
    outcome,
    listedEtag: '"new"',
    seenEtag: '"new"',
    seenModified: 10n,
  });
});
