import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database, Tx } from "../database";
import { addChunks } from "../testing/add-chunks";
import { connection, document } from "../testing/sample-rows";
import { checkSearchIndex } from "../testing/search-index-state";
import { temporaryDatabase } from "../testing/temporary-database";
import {
  type ChunkMatch,
  countChunks,
  deleteChunks,
  findCandidates,
  findMatchedDocuments,
  mergeAdded,
  type SearchScope,
} from "./search-index";
import { CHUNK_INDEX_SQL } from "./sqlite-search-index";

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

type More = { title?: string; tags?: string[]; metadata?: string };

const add = (id: string, tokens: string[], more: More = {}) =>
  database.transaction((tx) => addDocument(tx, id, tokens, more));

async function addDocument({ prisma, sql }: Tx, id: string, tokens: string[], more: More): Promise<void> {
  const { tags = [], title, ...columns } = more;
  const { serial } = await prisma.document.upsert({
    where: { id },
    create: {
      ...document(id),
      ...columns,
      title: title ?? null,
      tags: { create: tags.map((tag) => ({ tag })) },
    },
    update: {},
  });
  const chunks = tokens.map((text) => ({ content: `content: ${text}`, tokens: text }));
  await addChunks(sql, [
    { documentSerial: Number(serial), titleTokens: title ?? "", version: 0, firstPosition: 0, chunks },
  ]);
}

const everything: SearchScope = { tags: [], allowedTags: null, documentIds: null };
const anyOf = (...phrases: string[]): ChunkMatch => ({
  mode: "any",
  groups: phrases.map((phrase) => [{ words: phrase.split(" "), isPrefix: false }]),
});
const candidates = (match: ChunkMatch, scope: Partial<SearchScope> = {}, limit = 10) =>
  database.reading(({ sql }) => findCandidates(sql, { match, scope: { ...everything, ...scope }, limit }));
const found = async (match: ChunkMatch, scope: Partial<SearchScope> = {}, limit = 10) =>
  (await candidates(match, scope, limit)).map((chunk) => `${chunk.documentId}${chunk.position}`);
const foundSorted = async (match: ChunkMatch, scope: Partial<SearchScope> = {}, limit = 10) =>
  (await found(match, scope, limit)).sort();
const counted = (groups: ChunkMatch["groups"]) => database.reading(({ sql }) => countChunks(sql, groups));
const matched = (match: ChunkMatch, tags: string[]) =>
  database.reading(({ sql }) => findMatchedDocuments(sql, { match, scope: { ...everything, tags } }));

it("a migration creates the index with the very statement that search expects", () => {
  const folder = path.resolve(import.meta.dirname, "../../../prisma/migrations");
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const migrations = names.map((entry) =>
    readFileSync(path.join(folder, entry.name, "migration.sql"), "utf8"),
  );
  expect(migrations.filter((sql) => sql.includes(`${CHUNK_INDEX_SQL};`))).toHaveLength(1);
});

describe("storing chunks", () => {
  it("gives back what was stored", async () => {
    await add("a", ["foo bar", "baz"], { title: "manual" });
    expect(await candidates(anyOf("baz"), {}, 1)).toEqual([
      { chunkId: 2, documentId: "a", position: 1, content: "content: baz", title: "manual", updatedAt: 1 },
    ]);
  });

  it("the title is found with the first chunk only", async () => {
    await add("a", ["foo", "bar"], { title: "manual" });
    expect(await found(anyOf("manual"))).toEqual(["a0"]);
  });

  it("a document without chunks stores nothing", async () => {
    await add("a", [], { title: "x" });
    expect(await counted([])).toEqual({ total: 0, matching: [] });
    expect(await found(anyOf("x"))).toEqual([]);
  });

  it("deleted chunks are found no more, and their ids can be used again", async () => {
    await add("a", ["foo"]);
    await add("b", ["foo", "foo bar"]);
    await database.transaction(({ sql }) => deleteChunks(sql, [2, 3, 99]));
    expect(await found(anyOf("foo"))).toEqual(["a0"]);
    expect(await found(anyOf("bar"))).toEqual([]);
    await add("b", ["foo new"]);
    expect(await foundSorted(anyOf("foo"))).toEqual(["a0", "b0"]);
    expect(await found(anyOf("bar"))).toEqual([]);
    expect(await database.transaction(({ sql }) => checkSearchIndex(sql))).toBe(2);
  });

  it("a rolled-back transaction leaves table and index as they were", async () => {
    await add("a", ["foo"]);
    const undone = database.transaction(async (tx) => {
      await deleteChunks(tx.sql, [1]);
      await addDocument(tx, "b", ["foo"], {});
      throw new Error("stop here");
    });
    await expect(undone).rejects.toThrow("stop here");
    expect(await found(anyOf("foo"))).toEqual(["a0"]);
  });

  it("what is added is found before and after it is sorted in", async () => {
    await add("a", ["foo"]);
    expect(await found(anyOf("foo"))).toEqual(["a0"]);
    await database.reading(({ sql }) => mergeAdded(sql));
    expect(await found(anyOf("foo"))).toEqual(["a0"]);
  });

  it("a NUL in a text does not end it", async () => {
    await add("a", ["x\0y z"]);
    expect(await candidates(anyOf("z"), {}, 1)).toMatchObject([{ content: "content: x y z" }]);
  });
});

describe("finding chunks", () => {
  it("a token is one word to the index, whatever signs it holds", async () => {
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
    for (const [at, token] of tokens.entries()) await add(`d${at}-`, [`x ${token} y`]);
    for (const [at, token] of tokens.entries()) expect(await found(anyOf(token))).toEqual([`d${at}-0`]);
    for (const part of ["foo", "bar", "example", "c", "net", "天"])
      expect(await found(anyOf(part))).toEqual([]);
  });

  it("words of a sequence follow each other, and a beginning finds what goes on", async () => {
    await add("a", ["天気 気予 予 foo bar"]);
    expect(await found(anyOf("foo bar"))).toEqual(["a0"]);
    expect(await found(anyOf("bar foo"))).toEqual([]);
    expect(await found({ mode: "any", groups: [[{ words: ["気"], isPrefix: true }]] })).toEqual(["a0"]);
  });

  it("any group, or all of them, each by any of its sequences", async () => {
    await add("a", ["foo"]);
    await add("b", ["foo bar"]);
    const groups = [
      [{ words: ["foo"], isPrefix: false }],
      [
        { words: ["bar"], isPrefix: false },
        { words: ["qux"], isPrefix: false },
      ],
    ];
    expect(await foundSorted({ mode: "any", groups })).toEqual(["a0", "b0"]);
    expect(await found({ mode: "all", groups })).toEqual(["b0"]);
  });

  it("rarer and more frequent words come first", async () => {
    await add("a", ["foo x x x x"]);
    await add("b", ["foo foo bar"]);
    await add("c", ["foo x x"]);
    expect((await found(anyOf("foo", "bar")))[0]).toBe("b0");
  });

  it.each(['"', 'a" OR "b', "\0", "*", "NEAR", ""])("%j is no operator and no error", async (token) => {
    await add("a", ["foo"]);
    expect(await found({ mode: "any", groups: [[{ words: [token], isPrefix: false }]] })).toEqual([]);
  });

  it("no groups find nothing", async () => {
    expect(await found({ mode: "any", groups: [] })).toEqual([]);
    expect(await found({ mode: "any", groups: [[]] })).toEqual([]);
  });
});

describe("the scope is applied before the limit", () => {
  beforeEach(async () => {
    for (let at = 0; at < 30; at++) await add(`x${at}-`, ["foo foo foo"], { tags: ["common"] });
    await add("both-", ["foo and many other words here"], { tags: ["red", "blue"], metadata: '{"k":1}' });
    await add("one-", ["foo and many other words here too"], { tags: ["red"] });
    await add("bare-", ["foo and many other words here as well"]);
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
  ])("%s", async (_name, scope, expected) => {
    expect(await foundSorted(anyOf("foo"), scope, 2)).toEqual(expected);
  });

  it("a document of a connection that is being removed never shows", async () => {
    await database.transaction(async ({ prisma }) => {
      await prisma.connection.create({ data: { ...connection("gone"), deletedDocuments: "remove" } });
      await prisma.document.update({ where: { id: "both-" }, data: { connectionId: "gone" } });
    });
    expect(await found(anyOf("foo"), { tags: ["red"] })).toEqual(["one-0"]);
    expect(await matched(anyOf("foo"), ["blue"])).toEqual([]);
  });

  it("every matched document is named once, with its metadata", async () => {
    await add("both-", ["foo again"]);
    const documents = await matched(anyOf("foo"), ["red"]);
    expect(documents.sort((left, right) => (left.documentId < right.documentId ? -1 : 1))).toEqual([
      { documentId: "both-", metadata: '{"k":1}' },
      { documentId: "one-", metadata: "{}" },
    ]);
  });

  it("chunks are counted for each group", async () => {
    const groups = anyOf("foo", "many", "unknown").groups;
    expect(await counted(groups)).toEqual({ total: 33, matching: [33, 3, 0] });
  });
});
