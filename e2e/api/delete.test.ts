import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "./support/until";
import { refusalOf, Workbench } from "./support/workbench";

let bench: Workbench;
let bucket: string;
let connectionId: string;

const TAG = "shelf";
const ODD_KEY = "shelf one/über & 100%/crow + rook.txt";

beforeAll(async () => {
  bench = await Workbench.open();
  const keys = ["a.txt", "b.txt", "c.txt", "d.txt", ODD_KEY];
  bucket = await bench.bucket(Object.fromEntries(keys.map((key) => [key, `The curlew of ${key} calls.`])));
  connectionId = (await bench.connect(bucket, { containerTags: [TAG] })).id;
});
afterAll(() => bench.close());

const keys = async () => [...(await bench.documentsByKey([TAG])).keys()].sort();
const found = async () =>
  (await bench.client.search.documents({ q: "curlew", containerTags: [TAG], limit: 100 })).results.length;

test("the SDK deletes one by its custom ID, some by ids and the rest by tag; each is gone at once", async () => {
  const { client } = bench;
  expect(await found()).toBe(5);
  const customId = `s3://${bucket}/${ODD_KEY}`;
  await client.documents.delete(customId);
  expect(await keys()).toEqual(["a.txt", "b.txt", "c.txt", "d.txt"]);
  expect(await found()).toBe(4);
  expect(await refusalOf(client.documents.delete(customId))).toMatchObject({ status: 404 });
  expect(await refusalOf(client.documents.get(customId))).toMatchObject({ status: 404 });

  const id = (await bench.documentsByKey([TAG])).get("a.txt")?.id ?? "";
  const some = await client.documents.deleteBulk({ ids: [id, `s3://${bucket}/b.txt`, "nowhere"] });
  expect(some).toEqual({
    success: false,
    deletedCount: 2,
    errors: [{ id: "nowhere", error: "Document not found" }],
  });
  expect(await keys()).toEqual(["c.txt", "d.txt"]);

  const rest = await client.documents.deleteBulk({ containerTags: [TAG] });
  expect(rest).toMatchObject({ success: true, deletedCount: 2 });
  expect(await keys()).toEqual([]);
  expect(await found()).toBe(0);
});

test("what was deleted stays away from every sync, until its object changes", async () => {
  // The rows of what was deleted go between runs; one that is asked for ahead of that counts as it finds them.
  const later = await until("a run finds all rows gone", async () => {
    const run = await bench.importOnce(connectionId, TAG);
    expect(run.tally).toMatchObject({ listed: 5, added: 0 });
    return run.tally.unchanged === 0 && run;
  });
  expect(later.tally).toMatchObject({ skipped: { deleted_by_person: 5 } });
  await bench.put(bucket, { "a.txt": "Another curlew." });
  expect((await bench.importOnce(connectionId, TAG)).tally).toMatchObject({
    added: 1,
    skipped: { deleted_by_person: 4 },
  });
  expect(await keys()).toEqual(["a.txt"]);
});
