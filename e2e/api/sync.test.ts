import { afterAll, beforeAll, expect, test } from "vitest";
import { removeObject } from "../support/s3-client.mjs";
import { S3Gate } from "./support/s3-gate";
import { fixture, Workbench } from "./support/workbench";

let bench: Workbench;
let gate: S3Gate;
let throughGate: string;

beforeAll(async () => {
  bench = await Workbench.open();
  gate = new S3Gate(bench.server.endpoint);
  throughGate = await gate.open();
});
afterAll(async () => {
  await bench.close();
  await gate.close();
});

/** A connection whose requests to the bucket are counted from now on. */
async function connectCounted(bucket: string, tag: string, documentLimit?: number) {
  const limit = documentLimit === undefined ? {} : { documentLimit };
  const made = await bench.connect(bucket, {
    containerTags: [tag],
    metadata: { endpoint: throughGate },
    ...limit,
  });
  gate.forget();
  return made;
}

test("a second run over an unchanged bucket reads no object and touches no document", async () => {
  const bucket = await bench.bucket({
    "a.md": "# Anemone",
    "b/c.txt": "Bryony",
    "invoice.txt": await fixture("invoice.pdf"),
    "letter.docx": await fixture("letter.docx"),
    "damaged.pdf": await fixture("invoice-damaged.pdf"),
    "empty.txt": "",
    "folder/": "",
  });
  const { id, run } = await connectCounted(bucket, "unchanged");
  expect(run.tally).toMatchObject({
    listed: 7,
    added: 4,
    failed: 1,
    skipped: { empty: 1, directory_marker: 1 },
  });
  const before = await bench.documentsByKey(["unchanged"]);
  const second = await bench.importOnce(id, "unchanged");
  expect(second.tally).toMatchObject({
    listed: 7,
    added: 0,
    updated: 0,
    unchanged: 4,
    removed: 0,
    failed: 1,
  });
  expect(gate.objects).toEqual([]);
  expect(gate.lists).toBeGreaterThan(0);
  expect(await bench.documentsByKey(["unchanged"])).toEqual(before);
});

test("what is changed, new and gone in the bucket is changed, new and gone in the documents, and only that is read", async () => {
  const bucket = await bench.bucket({
    "same.txt": "The same as ever.",
    "changed.txt": "The old ferry timetable.",
    "gone.txt": "The gone walrus.",
  });
  const { id } = await connectCounted(bucket, "changes");
  const before = await bench.documentsByKey(["changes"]);
  await bench.put(bucket, { "changed.txt": "The new tram timetable.", "new.txt": "A newborn seal." });
  await removeObject(bench.s3, bucket, "gone.txt");

  const run = await bench.importOnce(id, "changes");
  expect(run).toMatchObject({ status: "completed", itemsProcessed: 3, itemsFailed: 0 });
  expect(run.tally).toMatchObject({ listed: 3, added: 1, updated: 1, unchanged: 1, removed: 1 });
  expect(gate.objects.toSorted()).toEqual(["changed.txt", "new.txt"]);
  const after = await bench.documentsByKey(["changes"]);
  expect([...after.keys()].toSorted()).toEqual(["changed.txt", "new.txt", "same.txt"]);
  expect(after.get("same.txt")).toEqual(before.get("same.txt"));
  expect(after.get("changed.txt")?.id).toBe(before.get("changed.txt")?.id);
  const found = async (q: string) =>
    (await bench.client.search.documents({ q, containerTags: ["changes"] })).total;
  expect([await found("ferry"), await found("tram"), await found("walrus"), await found("seal")]).toEqual([
    0, 1, 0, 1,
  ]);

  gate.forget();
  const again = await bench.importOnce(id, "changes");
  expect(again.tally).toMatchObject({ listed: 3, unchanged: 3, added: 0, updated: 0, removed: 0 });
  expect(gate.objects).toEqual([]);
});

test("an emptied bucket removes nothing: the removals are on hold and are seen", async () => {
  const bucket = await bench.bucket({ "a.txt": "The adder basks.", "b.txt": "The bittern booms." });
  const { id } = await bench.connect(bucket, { containerTags: ["hold"] });
  for (const key of ["a.txt", "b.txt"]) await removeObject(bench.s3, bucket, key);
  for (const _ of ["once", "twice"]) {
    const run = await bench.importOnce(id, "hold");
    expect(run.tally).toMatchObject({ listed: 0, removed: 0, onHold: 2 });
  }
  const { total } = await bench.client.search.documents({ q: "bittern", containerTags: ["hold"] });
  expect(total).toBe(1);

  await bench.put(bucket, { "a.txt": "The adder basks.", "b.txt": "The bittern booms." });
  const back = await bench.importOnce(id, "hold");
  expect(back.tally).toMatchObject({ listed: 2, removed: 0, onHold: 0 });
  expect((await bench.documentsByKey(["hold"])).size).toBe(2);
});

test("a limit smaller than the bucket stores the first keys and counts the rest; a freed place goes to the next", async () => {
  const keys = ["a", "b", "c", "d", "e"].map((letter) => `${letter}.txt`);
  const bucket = await bench.bucket(Object.fromEntries(keys.map((key) => [key, `Text of ${key}`])));
  const { id, run } = await connectCounted(bucket, "limited", 3);
  expect(run.tally).toMatchObject({ listed: 5, added: 3, overLimit: 2 });
  const keysNow = async () => [...(await bench.documentsByKey(["limited"])).keys()].toSorted();
  expect(await keysNow()).toEqual(["a.txt", "b.txt", "c.txt"]);

  const second = await bench.importOnce(id, "limited");
  expect(second.tally).toMatchObject({ listed: 5, unchanged: 3, overLimit: 2 });
  expect(gate.objects).toEqual([]);
  await removeObject(bench.s3, bucket, "b.txt");
  const third = await bench.importOnce(id, "limited");
  expect(third.tally).toMatchObject({ listed: 4, unchanged: 2, removed: 1, added: 1, overLimit: 1 });
  expect(await keysNow()).toEqual(["a.txt", "c.txt", "d.txt"]);
});

test("the captured tag replaces the connection's; an illegal one fails its object and is never shared", async () => {
  const bucket = await bench.bucket({
    "users/ada/notes.md": "Ada keeps bees.",
    "users/bob/notes.md": "Bob keeps geese.",
    "users/eve@example.com/notes.md": "Eve keeps secrets.",
    "readme.txt": "Everybody keeps quiet.",
  });
  const { id, run } = await bench.connect(bucket, {
    containerTags: ["tenants"],
    metadata: { containerTagRegex: "users/(?<userId>[^/]+)/" },
  });
  expect(run.tally).toMatchObject({ listed: 4, added: 3, failed: 1 });
  const keysOf = async (tag: string) => {
    const stored = [...(await bench.documentsByKey([tag])).values()];
    return stored.filter(({ status }) => status === "done").map(({ filepath }) => filepath);
  };
  expect(await keysOf("ada")).toEqual(["users/ada/notes.md"]);
  expect(await keysOf("bob")).toEqual(["users/bob/notes.md"]);
  expect(await keysOf("tenants")).toEqual(["readme.txt"]);
  for (const containerTags of [["ada"], ["tenants"], []]) {
    const { total } = await bench.client.search.documents({ q: "secrets", containerTags });
    expect(total).toBe(0);
  }
  const second = await bench.importOnce(id, "tenants");
  expect(second.tally).toMatchObject({ listed: 4, unchanged: 3, failed: 1, retagged: 0 });
});

test("two connections over one bucket keep documents of their own", async () => {
  const bucket = await bench.bucket({ "shared.txt": "The shared otter holt." });
  const first = await bench.connect(bucket, { containerTags: ["owner-one"] });
  const second = await bench.connect(bucket, { containerTags: ["owner-two"] });
  const one = (await bench.documentsByKey(["owner-one"])).get("shared.txt");
  const two = (await bench.documentsByKey(["owner-two"])).get("shared.txt");
  expect([one?.connectionId, two?.connectionId]).toEqual([first.id, second.id]);
  expect(one?.id).not.toBe(two?.id);
  await expect(bench.client.documents.get(`s3://${bucket}/shared.txt`)).rejects.toMatchObject({
    status: 400,
    error: { details: expect.stringContaining(one?.id ?? "") },
  });
  await bench.client.connections.deleteByID(first.id);
  await bench.importOnce(second.id, "owner-two");
  expect((await bench.documentsByKey(["owner-two"])).get("shared.txt")?.id).toBe(two?.id);
});

test("kept documents are adopted with their ids by a new connection over the bucket, without being read again", async () => {
  const bucket = await bench.bucket({ "x.txt": "The xerus digs.", "y.txt": "The yak climbs." });
  const { id } = await connectCounted(bucket, "adopted");
  const before = await bench.documentsByKey(["adopted"]);
  await bench.client.connections.deleteByID(id, { deleteDocuments: "false" });
  const again = await bench.connect(bucket, {
    containerTags: ["adopted"],
    metadata: { endpoint: throughGate },
  });
  const after = await bench.documentsByKey(["adopted"]);
  const idsOf = (documents: typeof after) => [...documents.values()].map((one) => one.id).toSorted();
  expect(idsOf(after)).toEqual(idsOf(before));
  expect([...after.values()].map(({ connectionId }) => connectionId)).toEqual([again.id, again.id]);
  expect(again.run.tally).toMatchObject({ listed: 2, unchanged: 2, added: 0 });
});
