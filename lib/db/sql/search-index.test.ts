import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openSqliteHandle, type SqliteHandle } from "../sqlite-handle";
import {
  CHUNK_INDEX_SQL,
  type ChunkMatch,
  countChunks,
  deleteChunks,
  findCandidates,
  findMatchedDocuments,
  insertChunks,
  type SearchScope,
} from "./search-index";

let handle: SqliteHandle;

beforeEach(() => {
  handle = openSqliteHandle(":memory:");
  handle.exec(`
    CREATE TABLE document (
      id TEXT PRIMARY KEY, title TEXT, metadata TEXT, updated_at INTEGER, connection_id TEXT);
  CREATE TABLE connection (id TEXT PRIMARY KEY, deleted_documents TEXT);
    CREATE TABLE document_tag (document_id TEXT, tag TEXT, PRIMARY KEY (document_id, tag));
    CREATE TABLE chunk (id INTEGER PRIMARY KEY, document_id TEXT, position INTEGER, content TEXT, phase TEXT NOT NULL DEFAULT 'live');
    CREATE INDEX chunk_document ON chunk (document_id, position);`);
  handle.exec(CHUNK_INDEX_SQL);
});

function add(
  id: string,
  tokens: string[],
  more: { title?: string; tags?: string[]; metadata?: string } = {},
) {
  handle
    .prepare(`INSERT OR IGNORE INTO document (id, title, metadata, updated_at) VALUES (?, ?, ?, 5)`)
    .run(id, more.title ?? null, more.metadata ?? null);
  for (const tag of more.tags ?? []) handle.prepare(`INSERT INTO document_tag VALUES (?, ?)`).run(id, tag);
  const chunks = tokens.map((text) => ({ content: `content: ${text}`, tokens: text }));
  insertChunks(handle, [
    { documentId: id, titleTokens: more.title ?? "", firstPosition: 0, phase: "live", chunks },
  ]);
}

const everything: SearchScope = { tags: [], allowedTags: null, documentIds: null };
const anyOf = (...phrases: string[]): ChunkMatch => ({
  mode: "any",
  groups: phrases.map((phrase) => [{ words: phrase.split(" "), isPrefix: false }]),
});
const found = (match: ChunkMatch, scope: Partial<SearchScope> = {}, limit = 10) =>
  findCandidates(handle, { match, scope: { ...everything, ...scope }, limit }).map(
    (chunk) => `${chunk.documentId}${chunk.position}`,
  );

it("a migration creates the index with the very statement that search expects", () => {
  const folder = path.resolve(import.meta.dirname, "../../../prisma/migrations");
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const migrations = names.map((entry) =>
    readFileSync(path.join(folder, entry.name, "migration.sql"), "utf8"),
  );
  expect(migrations.filter((sql) => sql.includes(`${CHUNK_INDEX_SQL};`))).toHaveLength(1);
});

describe("storing chunks", () => {
  it("gives back what was stored", () => {
    add("a", ["foo bar", "baz"], { title: "manual" });
    expect(findCandidates(handle, { match: anyOf("baz"), scope: everything, limit: 1 })).toEqual([
      { chunkId: 2, documentId: "a", position: 1, content: "content: baz", title: "manual", updatedAt: 5 },
    ]);
  });

  it("the title is found with the first chunk only", () => {
    add("a", ["foo", "bar"], { title: "manual" });
    expect(found(anyOf("manual"))).toEqual(["a0"]);
  });

  it("a document without chunks stores nothing", () => {
    insertChunks(handle, [
      { documentId: "a", titleTokens: "x", firstPosition: 0, phase: "live", chunks: [] },
    ]);
    expect(countChunks(handle, [])).toEqual({ total: 0, matching: [] });
    expect(found(anyOf("x"))).toEqual([]);
  });

  it("deleted chunks are found no more, and their ids can be used again", () => {
    add("a", ["foo"]);
    add("b", ["foo", "foo bar"]);
    deleteChunks(handle, ["b", "unknown"]);
    expect(found(anyOf("foo"))).toEqual(["a0"]);
    expect(found(anyOf("bar"))).toEqual([]);
    add("b", ["foo new"]);
    expect(found(anyOf("foo")).sort()).toEqual(["a0", "b0"]);
    expect(found(anyOf("bar"))).toEqual([]);
    handle.exec(`INSERT INTO chunk_index (chunk_index) VALUES ('integrity-check')`);
  });

  it("a rolled-back transaction leaves table and index as they were", () => {
    add("a", ["foo"]);
    handle.exec("BEGIN");
    deleteChunks(handle, ["a"]);
    add("b", ["foo"]);
    handle.exec("ROLLBACK");
    expect(found(anyOf("foo"))).toEqual(["a0"]);
  });

  it("a NUL in a text does not end it", () => {
    handle.prepare(`INSERT INTO document (id, updated_at) VALUES ('a', 1)`).run();
    insertChunks(handle, [
      {
        documentId: "a",
        titleTokens: "",
        firstPosition: 0,
        phase: "live",
        chunks: [{ content: "x\0y", tokens: "x y" }],
      },
    ]);
    const [chunk] = findCandidates(handle, { match: anyOf("y"), scope: everything, limit: 1 });
    expect(chunk?.content).toBe("x y");
  });
});

describe("finding chunks", () => {
  it("a token is one word to the index, whatever signs it holds", () => {
    const tokens = [
      "foo_bar",
      "3.11.7",
      "user@example.com",
      "c++",
      "c#",
      ".net",
      "a/b",
      "a:b",
      "a-b",
      "天気",
      "été",
      "|",
    ];
    for (const [at, token] of tokens.entries()) add(`d${at}-`, [`x ${token} y`]);
    for (const [at, token] of tokens.entries()) expect(found(anyOf(token))).toEqual([`d${at}-0`]);
    for (const part of ["foo", "bar", "example", "c", "net", "天"]) expect(found(anyOf(part))).toEqual([]);
  });

  it("words of a sequence follow each other, and a beginning finds what goes on", () => {
    add("a", ["天気 気予 予 foo bar"]);
    expect(found(anyOf("foo bar"))).toEqual(["a0"]);
    expect(found(anyOf("bar foo"))).toEqual([]);
    expect(found({ mode: "any", groups: [[{ words: ["気"], isPrefix: true }]] })).toEqual(["a0"]);
  });

  it("any group, or all of them, each by any of its sequences", () => {
    add("a", ["foo"]);
    add("b", ["foo bar"]);
    const groups = [
      [{ words: ["foo"], isPrefix: false }],
      [
        { words: ["bar"], isPrefix: false },
        { words: ["qux"], isPrefix: false },
      ],
    ];
    expect(found({ mode: "any", groups }).sort()).toEqual(["a0", "b0"]);
    expect(found({ mode: "all", groups })).toEqual(["b0"]);
  });

  it("rarer and more frequent words come first", () => {
    add("a", ["foo x x x x"]);
    add("b", ["foo foo bar"]);
    add("c", ["foo x x"]);
    expect(found(anyOf("foo", "bar"))[0]).toBe("b0");
  });

  it.each(['"', 'a" OR "b', "\0", "*", "NEAR", ""])("%j is no operator and no error", (token) => {
    add("a", ["foo"]);
    expect(found({ mode: "any", groups: [[{ words: [token], isPrefix: false }]] })).toEqual([]);
  });

  it("no groups find nothing", () => {
    expect(found({ mode: "any", groups: [] })).toEqual([]);
    expect(found({ mode: "any", groups: [[]] })).toEqual([]);
  });
});

describe("the scope is applied before the limit", () => {
  beforeEach(() => {
    for (let at = 0; at < 30; at++) add(`x${at}-`, ["foo foo foo"], { tags: ["common"] });
    add("both-", ["foo and many other words here"], { tags: ["red", "blue"], metadata: '{"k":1}' });
    add("one-", ["foo and many other words here too"], { tags: ["red"] });
    add("bare-", ["foo and many other words here as well"]);
  });

  it.each<[string, Partial<SearchScope>, string[]]>([
    ["all of the tags", { tags: ["red", "blue"] }, ["both-0"]],
    ["a tag named twice", { tags: ["red", "red"] }, ["both-0", "one-0"]],
    ["one of the allowed tags", { allowedTags: ["blue", "nobody"] }, ["both-0"]],
    ["both conditions", { tags: ["red"], allowedTags: ["blue", "red"] }, ["both-0", "one-0"]],
    ["an actor without tags sees nothing", { allowedTags: [] }, []],
    ["one document", { documentIds: ["bare-"] }, ["bare-0"]],
    ["one document that is not allowed", { documentIds: ["bare-"], allowedTags: ["red"] }, []],
    ["an unknown tag", { tags: ["%"] }, []],
    ["a tag with a quote", { tags: ["'\""] }, []],
  ])("%s", (_name, scope, expected) => {
    expect(found(anyOf("foo"), scope, 2).sort()).toEqual(expected);
  });

  it("a document of a connection that is being removed never shows", () => {
    handle.exec(
      `INSERT INTO connection VALUES ('gone', 'remove'); UPDATE document SET connection_id = 'gone' WHERE id = 'both-'`,
    );
    expect(found(anyOf("foo"), { tags: ["red"] })).toEqual(["one-0"]);
    expect(
      findMatchedDocuments(handle, { match: anyOf("foo"), scope: { ...everything, tags: ["blue"] } }),
    ).toEqual([]);
  });

  it("every matched document is named once, with its metadata", () => {
    add("both-", ["foo again"]);
    const documents = findMatchedDocuments(handle, {
      match: anyOf("foo"),
      scope: { ...everything, tags: ["red"] },
    });
    expect(documents.sort((left, right) => (left.documentId < right.documentId ? -1 : 1))).toEqual([
      { documentId: "both-", metadata: '{"k":1}' },
      { documentId: "one-", metadata: "{}" },
    ]);
  });

  it("chunks are counted for each group", () => {
    const groups = anyOf("foo", "many", "unknown").groups;
    expect(countChunks(handle, groups)).toEqual({ total: 33, matching: [33, 3, 0] });
  });
});
