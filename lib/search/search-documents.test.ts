import { describe, expect, it } from "vitest";
import { SEARCH_CANDIDATE_CHUNKS_MAX } from "@/lib/core/limits";
import { metadataFilterSchema } from "@/lib/rules/metadata-filter";
import { CHUNKS_PER_RESULT_MAX, type SearchInput, searchDocuments } from "./search-documents";
import { openSearchable, type SearchableDocument } from "./testing/searchable";

const everything: SearchInput = { q: "", tags: [], allowedTags: null, limit: 10 };

function withDocuments(documents: SearchableDocument[]) {
  const { handle, add } = openSearchable();
  add(documents);
  return {
    documents: (q: string, more: Partial<SearchInput> = {}) =>
      searchDocuments({ handle, input: { ...everything, q, ...more } }),
  };
}

const filler = (words: number) => "lorem ipsum dolor sit amet consectetur ".repeat(words / 6);

describe("documents and their chunks", () => {
  it("words in different chunks of one document, or in its title, are all there", () => {
    const { documents } = withDocuments([
      { id: "apart", text: `apple\n\n${filler(600)}\n\npear` },
      { id: "titled", title: "Apple", text: "pear" },
      { id: "half", text: "apple apple apple" },
    ]);
    const found = documents("apple pear");
    expect(found.map((document) => [document.documentId, document.score >= 0.5])).toEqual([
      ["titled", true],
      ["apart", true],
      ["half", false],
    ]);
  });

  it("a document shows a handful of chunks, best first", () => {
    const { documents } = withDocuments([{ id: "long", text: `${filler(180)} apple.\n\n`.repeat(20) }]);
    const chunks = documents("apple")[0]?.chunks ?? [];
    expect(chunks).toHaveLength(CHUNKS_PER_RESULT_MAX);
    expect(chunks.map((chunk) => chunk.score)).toEqual(
      chunks.map((chunk) => chunk.score).sort((a, b) => b - a),
    );
  });

  it("a chunk that only its title brought is not called relevant", () => {
    const { documents } = withDocuments([{ id: "a", title: "Apple", text: "pear" }]);
    expect(documents("apple")[0]?.chunks.map((chunk) => chunk.isRelevant)).toEqual([false]);
    expect(documents("pear")[0]?.chunks.map((chunk) => chunk.isRelevant)).toEqual([true]);
  });

  it("equal documents stand in the order of their last change, then of their ids", () => {
    const { documents } = withDocuments([
      { id: "b", text: "apple", updatedAt: 1 },
      { id: "a", text: "apple", updatedAt: 1 },
      { id: "c", text: "apple", updatedAt: 2 },
    ]);
    expect(documents("apple").map((document) => document.documentId)).toEqual(["c", "a", "b"]);
  });

  it("thresholds leave out what scores lower, and documents without a chunk left", () => {
    const { documents } = withDocuments([
      { id: "both", text: "apple pear" },
      { id: "one", text: "apple" },
    ]);
    expect(documents("apple pear", { documentThreshold: 0.5 })).toHaveLength(1);
    expect(documents("apple pear", { chunkThreshold: 0.5 })).toHaveLength(1);
    expect(documents("apple pear", { chunkThreshold: 1 })).toEqual([]);
  });
});

describe("what narrows a search is applied before its limits", () => {
  const crowd = Array.from({ length: SEARCH_CANDIDATE_CHUNKS_MAX + 50 }, (_, at) => ({
    id: `crowd${at}`,
    text: "apple apple apple pear",
    tags: ["crowd"],
    metadata: { kind: "crowd" },
  }));
  const { documents } = withDocuments([
    ...crowd,
    {
      id: "lost",
      text: `${filler(60)} apple`,
      tags: ["quiet", "small"],
      metadata: { kind: "quiet", size: 3 },
    },
    { id: "rare", text: `${filler(60)} apple\n\n${filler(600)}\n\nquince`, tags: ["crowd"] },
  ]);
  const ids = (q: string, more: Partial<SearchInput>) =>
    documents(q, more).map((document) => document.documentId);

  it("tags, allowed tags and one document", () => {
    expect(ids("apple", { tags: ["quiet", "small"] })).toEqual(["lost"]);
    expect(ids("apple", { tags: ["quiet", "crowd"] })).toEqual([]);
    expect(ids("apple", { allowedTags: ["small"] })).toEqual(["lost"]);
    expect(ids("apple", { allowedTags: [] })).toEqual([]);
    expect(ids("apple", { documentId: "lost" })).toEqual(["lost"]);
    expect(ids("apple", { documentId: "lost", allowedTags: ["crowd"] })).toEqual([]);
  });

  it("metadata filters", () => {
    const filter = metadataFilterSchema.parse({
      AND: [{ key: "size", value: "2", filterType: "numeric", numericOperator: ">" }],
    });
    expect(ids("apple", { filter })).toEqual(["lost"]);
    expect(ids("pear", { filter })).toEqual([]);
  });

  it("a document with all words in different chunks is found behind a crowd that lacks one", () => {
    expect(ids("apple quince", { limit: 3 })[0]).toBe("rare");
  });
});
