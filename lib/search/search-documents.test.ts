import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SEARCH_CANDIDATE_CHUNKS_MAX } from "@/lib/core/limits";
import { metadataFilterSchema } from "@/lib/rules/metadata-filter";
import { CHUNKS_PER_RESULT_MAX, type SearchInput } from "./search-documents";
import { openSearchable, type Searchable, type SearchableDocument } from "./testing/searchable";

const everything: SearchInput = { q: "", tags: [], allowedTags: null, limit: 10 };

async function withDocuments(documents: SearchableDocument[]) {
  const searchable = openSearchable();
  await searchable.add(documents);
  return {
    searchable,
    documents: (q: string, more: Partial<SearchInput> = {}) => searchable.find({ ...everything, q, ...more }),
  };
}

const filler = (words: number) => "lorem ipsum dolor sit amet consectetur ".repeat(words / 6);

describe("documents and their chunks", () => {
  let opened: Searchable;
  afterEach(() => opened.remove());
  const having = async (rows: SearchableDocument[]) => {
    const { searchable, documents } = await withDocuments(rows);
    opened = searchable;
    return documents;
  };

  it("words in different chunks of one document, or in its title, are all there", async () => {
    const documents = await having([
      { id: "apart", text: `apple\n\n${filler(600)}\n\npear` },
      { id: "titled", title: "Apple", text: "pear" },
      { id: "half", text: "apple apple apple" },
    ]);
    const found = await documents("apple pear");
    expect(found.map((document) => [document.documentId, document.score >= 0.5])).toEqual([
      ["titled", true],
      ["apart", true],
      ["half", false],
    ]);
  });

  it("a document shows a handful of chunks, best first", async () => {
    const documents = await having([{ id: "long", text: `${filler(180)} apple.\n\n`.repeat(20) }]);
    const chunks = (await documents("apple"))[0]?.chunks ?? [];
    expect(chunks).toHaveLength(CHUNKS_PER_RESULT_MAX);
    expect(chunks.map((chunk) => chunk.score)).toEqual(
      chunks.map((chunk) => chunk.score).sort((a, b) => b - a),
    );
  });

  it("a chunk that only its title brought is not called relevant", async () => {
    const documents = await having([{ id: "a", title: "Apple", text: "pear" }]);
    expect((await documents("apple"))[0]?.chunks.map((chunk) => chunk.isRelevant)).toEqual([false]);
    expect((await documents("pear"))[0]?.chunks.map((chunk) => chunk.isRelevant)).toEqual([true]);
  });

  it("equal documents stand in the order of their last change, then of their ids", async () => {
    const documents = await having([
      { id: "b", text: "apple", updatedAt: 1 },
      { id: "a", text: "apple", updatedAt: 1 },
      { id: "c", text: "apple", updatedAt: 2 },
    ]);
    expect((await documents("apple")).map((document) => document.documentId)).toEqual(["c", "a", "b"]);
  });

  it("thresholds leave out what scores lower, and documents without a chunk left", async () => {
    const documents = await having([
      { id: "both", text: "apple pear" },
      { id: "one", text: "apple" },
    ]);
    expect(await documents("apple pear", { documentThreshold: 0.5 })).toHaveLength(1);
    expect(await documents("apple pear", { chunkThreshold: 0.5 })).toHaveLength(1);
    expect(await documents("apple pear", { chunkThreshold: 1 })).toEqual([]);
  });
});

describe("what narrows a search is applied before its limits", () => {
  const crowd = Array.from({ length: SEARCH_CANDIDATE_CHUNKS_MAX + 50 }, (_, at) => ({
    id: `crowd${at}`,
    text: "apple apple apple pear",
    tags: ["crowd"],
    metadata: { kind: "crowd" },
  }));
  const rows: SearchableDocument[] = [
    ...crowd,
    {
      id: "lost",
      text: `${filler(60)} apple`,
      tags: ["quiet", "small"],
      metadata: { kind: "quiet", size: 3 },
    },
    { id: "rare", text: `${filler(60)} apple\n\n${filler(600)}\n\nquince`, tags: ["crowd"] },
  ];
  let open: Awaited<ReturnType<typeof withDocuments>>;
  beforeAll(async () => {
    open = await withDocuments(rows);
  });
  afterAll(() => open.searchable.remove());
  const ids = async (q: string, more: Partial<SearchInput>) =>
    (await open.documents(q, more)).map((document) => document.documentId);

  it("tags, allowed tags and one document", async () => {
    expect(await ids("apple", { tags: ["quiet", "small"] })).toEqual(["lost"]);
    expect(await ids("apple", { tags: ["quiet", "crowd"] })).toEqual([]);
    expect(await ids("apple", { allowedTags: ["small"] })).toEqual(["lost"]);
    expect(await ids("apple", { allowedTags: [] })).toEqual([]);
    expect(await ids("apple", { documentId: "lost" })).toEqual(["lost"]);
    expect(await ids("apple", { documentId: "lost", allowedTags: ["crowd"] })).toEqual([]);
  });

  it("metadata filters", async () => {
    const filter = metadataFilterSchema.parse({
      AND: [{ key: "size", value: "2", filterType: "numeric", numericOperator: ">" }],
    });
    expect(await ids("apple", { filter })).toEqual(["lost"]);
    expect(await ids("pear", { filter })).toEqual([]);
  });

  it("a document with all words in different chunks is found behind a crowd that lacks one", async () => {
    expect((await ids("apple quince", { limit: 3 }))[0]).toBe("rare");
  });
});
