import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture, Workbench } from "./support/workbench";

let bench: Workbench;
let bucket: string;
let connectionId: string;

const TAG = "library";
const ODD_KEY = "shelf one/über & 100%/crow + rook.txt";

beforeAll(async () => {
  bench = await Workbench.open();
  bucket = await bench.bucket({
    "handbook.md": await fixture("handbook.md"),
    "report.txt": await fixture("invoice.pdf"),
    "orders.csv": await fixture("orders.csv"),
    [ODD_KEY]: "The rook and the crow share a field of barley.",
    "empty.txt": "",
    "folder/": "",
  });
  connectionId = (await bench.connect(bucket, { containerTags: [TAG] })).id;
});
afterAll(() => bench.close());

describe("documents.list", () => {
  test("gives every key of the API with its type, without the text", async () => {
    const { memories, pagination } = await bench.client.documents.list({ containerTags: [TAG] });
    expect(pagination).toEqual({ currentPage: 1, limit: 10, totalItems: 4, totalPages: 1 });
    const report = memories.find(({ filepath }) => filepath === "report.txt");
    expect(report).toEqual({
      id: expect.stringMatching(/^[0-9A-Za-z]{22}$/),
      connectionId,
      containerTags: [TAG],
      createdAt: expect.any(String),
      customId: `s3://${bucket}/report.txt`,
      filepath: "report.txt",
      metadata: { bucket, key: "report.txt", sizeBytes: 1_056, lastModified: expect.any(String) },
      status: "done",
      summary: null,
      title: "Invoice 2024-118",
      type: "pdf",
      updatedAt: expect.any(String),
      url: `s3://${bucket}/report.txt`,
    });
  });

  test("pages cut the list without loss or repetition, and digits may come as text", async () => {
    const page = (number: string) =>
      bench.client.documents.list({ containerTags: [TAG], limit: "3", page: number, order: "asc" });
    const [first, second, third] = [await page("1"), await page("2"), await page("3")];
    expect(first.pagination).toEqual({ currentPage: 1, limit: 3, totalItems: 4, totalPages: 2 });
    expect([first, second, third].map(({ memories }) => memories.length)).toEqual([3, 1, 0]);
    const ids = [...first.memories, ...second.memories].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  test("the text comes along when it is asked for", async () => {
    const { memories } = await bench.client.documents.list({ containerTags: [TAG], includeContent: true });
    const byKey = new Map(memories.map((one) => [one.filepath, one.content]));
    expect(byKey.get(ODD_KEY)).toBe("The rook and the crow share a field of barley.");
    expect(byKey.get("report.txt")).toContain("lantern oil");
  });

  test("filters look into the metadata and can be negated", async () => {
    const keysWith = async (condition: { key: string; value: string; negate?: boolean }) => {
      const listed = await bench.client.documents.list({
        containerTags: [TAG],
        filters: { AND: [condition] },
      });
      return listed.memories.map(({ filepath }) => filepath).sort();
    };
    expect(await keysWith({ key: "key", value: "orders.csv" })).toEqual(["orders.csv"]);
    expect(await keysWith({ key: "key", value: "orders.csv", negate: true })).toHaveLength(3);
    expect(await keysWith({ key: "bucket", value: "another" })).toEqual([]);
  });

  test("a tag that no document has gives an empty list", async () => {
    const { memories, pagination } = await bench.client.documents.list({ containerTags: [TAG, "nobody"] });
    expect(memories).toEqual([]);
    expect(pagination.totalItems).toBe(0);
  });
});

describe("documents.get", () => {
  test("finds a document by its id with its text and every key of the API", async () => {
    const { memories } = await bench.client.documents.list({ containerTags: [TAG] });
    const listed = memories.find(({ filepath }) => filepath === "handbook.md");
    const document = await bench.client.documents.get(listed?.id ?? "");
    expect(document).toMatchObject({
      ...listed,
      content: expect.stringContaining("apple tree"),
      raw: null,
      ogImage: null,
      source: "s3",
      taskType: expect.any(String),
      dreamingStatus: "done",
      type: "text",
    });
  });

  test("finds a document by its custom id, whatever slashes, spaces and signs the key has", async () => {
    const document = await bench.client.documents.get(`s3://${bucket}/${ODD_KEY}`);
    expect(document).toMatchObject({ filepath: ODD_KEY, connectionId });
  });

  test("an unknown id and an unknown custom id are not found", async () => {
    for (const id of ["0000000000000000000000", `s3://${bucket}/no such key.txt`]) {
      await expect(bench.client.documents.get(id)).rejects.toMatchObject({
        status: 404,
        error: { error: "Document not found" },
      });
    }
  });
});

describe("search", () => {
  test("a PDF that is called .txt is found by its text, with scores between 0 and 1", async () => {
    const { results, timing, total } = await bench.client.search.documents({ q: "lantern oil" });
    expect(total).toBe(1);
    expect(timing).toEqual(expect.any(Number));
    expect(results[0]).toEqual({
      documentId: expect.any(String),
      title: "Invoice 2024-118",
      type: "pdf",
      score: expect.any(Number),
      chunks: [
        { content: expect.stringContaining("lantern oil"), isRelevant: true, score: expect.any(Number) },
      ],
      metadata: expect.objectContaining({ key: "report.txt" }),
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    for (const score of [results[0]?.score, results[0]?.chunks[0]?.score]) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  test("the summary and the whole text come along when they are asked for", async () => {
    const { results } = await bench.client.search.documents({
      q: "barley",
      includeFullDocs: true,
      includeSummary: true,
    });
    expect(results[0]).toMatchObject({
      content: "The rook and the crow share a field of barley.",
      summary: null,
    });
  });

  test("the question may be asked within one document, by its custom id too", async () => {
    const within = `s3://${bucket}/handbook.md`;
    const { results } = await bench.client.search.documents({ q: "gate", docId: within });
    expect(results.map(({ title }) => title)).toEqual(["Warehouse handbook"]);
    const unknown = bench.client.search.documents({ q: "gate", docId: "no-such-document" });
    await expect(unknown).rejects.toMatchObject({ status: 404 });
  });

  test("a tag that a document lacks hides it", async () => {
    const { results } = await bench.client.search.documents({ q: "barley", containerTags: [TAG, "other"] });
    expect(results).toEqual([]);
  });

  test("client.search gives passages, with their documents when they are asked for", async () => {
    const { results, total } = await bench.client.search({
      q: "barley",
      containerTag: TAG,
      include: { documents: true },
    });
    expect(total).toBe(1);
    expect(results[0]).toMatchObject({
      id: expect.any(String),
      chunk: "The rook and the crow share a field of barley.",
      similarity: expect.any(Number),
      metadata: expect.objectContaining({ key: ODD_KEY }),
      updatedAt: expect.any(String),
      filepath: ODD_KEY,
      documents: [expect.objectContaining({ id: expect.any(String), type: "text" })],
    });
  });

  test("an empty question is refused", async () => {
    await expect(bench.client.search.documents({ q: "" })).rejects.toMatchObject({ status: 400 });
    await expect(bench.client.search({ q: "" })).rejects.toMatchObject({ status: 400 });
  });
});
