import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "./support/until";
import { Workbench } from "./support/workbench";

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const ID = /^[0-9A-Za-z]{22}$/;

test("creating a connection with every option of the page answers id, authLink and expiresIn", async () => {
  const bucket = await bench.bucket({ "users/ada/notes.md": "The heron stands in the shallow water." });
  const created = await bench.client.connections.create("s3", {
    metadata: bench.metadata(bucket, { prefix: "users/", containerTagRegex: "users/(?<userId>[^/]+)/" }),
    containerTags: ["every-option"],
    documentLimit: 500,
    redirectUrl: "https://example.com/done",
  });
  expect(created).toEqual({
    id: expect.stringMatching(ID),
    authLink: expect.any(String),
    expiresIn: expect.any(String),
    redirectsTo: "https://example.com/done",
  });
  await bench.settled(created.id);
  const connection = await bench.client.connections.getByID(created.id);
  expect(connection).toEqual({
    id: created.id,
    provider: "s3",
    createdAt: expect.stringMatching(ISO_TIME),
    documentLimit: 500,
    containerTags: ["every-option"],
    metadata: {
      bucket,
      region: "us-east-1",
      endpoint: bench.server.endpoint,
      prefix: "users/",
      containerTagRegex: "users/(?<userId>[^/]+)/",
      syncInProgress: false,
      documentCount: 1,
      lastSyncedAt: expect.any(Number),
    },
    lastSyncRun: {
      status: "completed",
      errorCode: null,
      error: null,
      startedAt: expect.stringMatching(ISO_TIME),
      completedAt: expect.stringMatching(ISO_TIME),
    },
  });
});

test("what stands in metadata beside the settings is given back, and the limit is 10,000 unless it is sent", async () => {
  const bucket = await bench.bucket();
  const { id } = await bench.connect(bucket, {
    containerTags: ["own-metadata"],
    metadata: { department: "sales", floor: 3, isPilot: true },
  });
  const connection = await bench.client.connections.getByID(id);
  expect(connection.documentLimit).toBe(10_000);
  expect(connection.metadata).toMatchObject({ department: "sales", floor: 3, isPilot: true });
});

test("containerTag, the newer name, is read as the first of the tags", async () => {
  const bucket = await bench.bucket();
  const created = await bench.client.post<{ id: string }>("/v3/connections/s3", {
    body: { metadata: bench.metadata(bucket), containerTag: "singular", containerTags: ["plural"] },
  });
  const { containerTags } = await bench.client.connections.getByID(created.id);
  expect(new Set(containerTags)).toEqual(new Set(["singular", "plural"]));
});

test("settings that stand beside metadata, as an older page had them, are read", async () => {
  const bucket = await bench.bucket();
  const created = await bench.client.post<{ id: string }>("/v3/connections/s3", {
    body: { ...bench.metadata(bucket), containerTags: ["beside"] },
  });
  expect((await bench.client.connections.getByID(created.id)).metadata).toMatchObject({ bucket });
});

test("a list is filtered by connections that have all of the tags; no tag is no filter", async () => {
  const bucket = await bench.bucket();
  const { id } = await bench.connect(bucket, { containerTags: ["list-a", "list-b"] });
  const idsOf = async (containerTags?: string[]) =>
    (await bench.client.connections.list(containerTags ? { containerTags } : {})).map((one) => one.id);
  expect(await idsOf(["list-a"])).toEqual([id]);
  expect(await idsOf(["list-b", "list-a"])).toEqual([id]);
  expect(await idsOf(["list-a", "nowhere"])).toEqual([]);
  expect(await idsOf([])).toContain(id);
  expect(await idsOf()).toContain(id);
});

test("getByTag gives the connection that has the tags, and 404 where there is none", async () => {
  const bucket = await bench.bucket();
  const { id } = await bench.connect(bucket, { containerTags: ["by-tag"] });
  expect((await bench.client.connections.getByTag("s3", { containerTags: ["by-tag"] })).id).toBe(id);
  const missing = bench.client.connections.getByTag("s3", { containerTags: ["no-such-tag"] });
  await expect(missing).rejects.toMatchObject({ status: 404, error: { error: "Connection not found" } });
});

test("import answers 202 and one sentence as text, and starts a run of the connections with the tag only", async () => {
  const [first, second] = [
    await bench.bucket({ "a.txt": "alder" }),
    await bench.bucket({ "b.txt": "birch" }),
  ];
  const asked = await bench.connect(first, { containerTags: ["import-me", "shared-import"] });
  const other = await bench.connect(second, { containerTags: ["leave-me", "shared-import"] });
  const { data, response } = await bench.client.connections
    .import("s3", { containerTags: ["import-me"] })
    .withResponse();
  expect(data).toBe("Importing connections...");
  expect(response.status).toBe(202);
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  await until("the import has run", async () => (await bench.runs(asked.id)).length === 2);
  expect(await bench.runs(other.id)).toHaveLength(1);
});

test("import answers 202 also where no connection has the tag", async () => {
  expect(await bench.client.connections.import("s3", { containerTags: ["nobody"] })).toBe(
    "Importing connections...",
  );
});

test("listDocuments gives a bare array with the seven fields of the page", async () => {
  const bucket = await bench.bucket({ "crane.txt": "The crane migrates in autumn." });
  await bench.connect(bucket, { containerTags: ["list-documents"] });
  const documents = await bench.client.connections.listDocuments("s3", { containerTags: ["list-documents"] });
  expect(documents).toHaveLength(1);
  expect(documents[0]).toMatchObject({
    id: expect.stringMatching(ID),
    title: expect.any(String),
    summary: null,
    status: "done",
    type: "text",
    createdAt: expect.stringMatching(ISO_TIME),
    updatedAt: expect.stringMatching(ISO_TIME),
  });
});

test("sync runs are listed newest first with everything that Supermemory's console reads", async () => {
  const bucket = await bench.bucket({ "a.txt": "one", "b.txt": "two" });
  const { id } = await bench.connect(bucket, { containerTags: ["runs"] });
  const second = await bench.importOnce(id, "runs");
  const runs = await bench.runs(id);
  expect(runs.map((run) => run.id)[0]).toBe(second.id);
  expect(runs).toHaveLength(2);
  expect(runs[1]).toMatchObject({
    id: expect.stringMatching(ID),
    connectionId: id,
    status: "completed",
    triggerType: "manual",
    startedAt: expect.stringMatching(ISO_TIME),
    completedAt: expect.stringMatching(ISO_TIME),
    itemsProcessed: 2,
    itemsFailed: 0,
    error: null,
  });
});

test("S3 has no resources to choose: both calls are answered with 501 and are not repeated", async () => {
  const bucket = await bench.bucket();
  const { id } = await bench.connect(bucket, { containerTags: ["resources"] });
  await expect(bench.client.connections.resources(id)).rejects.toMatchObject({
    status: 501,
    error: { error: "Provider does not support resource fetching" },
  });
  await expect(bench.client.connections.configure(id, { resources: [] })).rejects.toMatchObject({
    status: 501,
    error: { error: "Provider does not support resource configuration" },
  });
});

test("deleting a connection removes its documents; a second time it is not found", async () => {
  const bucket = await bench.bucket({ "swift.txt": "The swift sleeps in flight." });
  const { id } = await bench.connect(bucket, { containerTags: ["delete-all"] });
  expect(await bench.client.connections.deleteByID(id)).toEqual({ id, provider: "s3" });
  await until("the documents are gone", async () => (await bench.documentsByKey(["delete-all"])).size === 0);
  const found = await bench.client.search.documents({ q: "swift", containerTags: ["delete-all"] });
  expect(found.results).toEqual([]);
  const refusal = { status: 404, error: { error: "Connection not found" } };
  await expect(bench.client.connections.deleteByID(id)).rejects.toMatchObject(refusal);
  await expect(bench.client.connections.getByID(id)).rejects.toMatchObject(refusal);
});

test("deleteDocuments=false keeps the documents, and anything but true and false is refused", async () => {
  const bucket = await bench.bucket({ "owl.txt": "The owl hears the vole under snow." });
  const { id } = await bench.connect(bucket, { containerTags: ["delete-keep"] });
  await expect(bench.client.connections.deleteByID(id, { deleteDocuments: "no" })).rejects.toMatchObject({
    status: 400,
  });
  await bench.client.connections.deleteByID(id, { deleteDocuments: "false" });
  const found = await bench.client.search.documents({ q: "vole", containerTags: ["delete-keep"] });
  expect(found.results).toHaveLength(1);
});

test("deleteByProvider needs a tag, removes what has it, and says 404 when nothing does", async () => {
  const bucket = await bench.bucket({ "a.txt": "kept no longer" });
  const { id } = await bench.connect(bucket, { containerTags: ["by-provider"] });
  const remove = (containerTags: string[]) =>
    bench.client.connections.deleteByProvider("s3", { containerTags });
  await expect(remove([])).rejects.toMatchObject({ status: 400 });
  expect(await remove(["by-provider"])).toEqual({ id, provider: "s3" });
  await expect(remove(["by-provider"])).rejects.toMatchObject({ status: 404 });
});
