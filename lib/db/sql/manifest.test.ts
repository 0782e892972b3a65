import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../database";
import { object } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { type ObjectUpsert, readManifestRows, restoreObjects, upsertObjects } from "./manifest";

const run = { runId: "r", connectionId: "c", leaseToken: "t" };
const detected = "image/png";
const failed = { outcome: "failed", reason: "extract_failed", detected };
const skipped = { outcome: "skipped", reason: "unsupported_type", detected };

let database: Database;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ database, remove } = temporaryDatabase());
  const data = [
    { ...object("failed, queued"), ...failed },
    { ...object("skipped, queued"), ...skipped },
    { ...object("failed, left out"), ...failed },
    { ...object("failed, stored"), ...failed },
    { ...object("left alone"), ...skipped },
  ];
  await database.transaction(({ prisma }) => prisma.sourceObject.createMany({ data }));
});
afterAll(() => remove());

const upsert = (key: string, outcome: ObjectUpsert["outcome"], reason: string | null): ObjectUpsert => ({
  key,
  etag: '"new"',
  sizeBytes: 9,
  lastModified: 10,
  storageClass: "STANDARD",
  outcome,
  wantedTags: null,
  wantedBatch: null,
  reason,
  message: null,
});

test("the kind that bytes were found to be goes with the failure or skip that it belongs to", async () => {
  const objects = [
    upsert("failed, queued", "queued", null),
    upsert("skipped, queued", "queued", null),
    upsert("failed, left out", "skipped", "filtered"),
    upsert("not yet seen", "skipped", "too_large"),
  ];
  await database.transaction(async (tx) => {
    await upsertObjects(tx, run, objects);
    await restoreObjects(tx, run.connectionId, ["failed, stored"]);
  });
  const keys = [...objects.map(({ key }) => key), "failed, stored", "left alone"];
  const rows = await database.reading((tx) => readManifestRows(tx, run, keys));
  expect(Object.fromEntries(rows.map((row) => [row.key, [row.outcome, row.reason, row.detected]]))).toEqual({
    "failed, queued": ["queued", "extract_failed", detected],
    "skipped, queued": ["queued", null, null],
    "failed, left out": ["skipped", "filtered", null],
    "not yet seen": ["skipped", "too_large", null],
    "failed, stored": ["stored", null, null],
    "left alone": ["skipped", "unsupported_type", detected],
  });
});
