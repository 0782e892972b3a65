import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CHUNKS_A_TRANSACTION_MAX, CHUNKS_REMOVED_MAX } from "@/lib/core/limits";
import type { Database } from "../database";
import { checkSearchIndex } from "../testing/search-index-state";
import { temporaryDatabase } from "../testing/temporary-database";
import { removeDocuments, type StoredDocument, storeDocuments } from "./documents";
import { failDocuments } from "./failed-documents";
import {
  deleteRetired,
  demandStaged,
  hasRetired,
  retireAbandoned,
  retireStaged,
  revealStaged,
} from "./hidden-chunks";
import { beginStaging, stageChunks } from "./long-documents";
import { findCandidates } from "./search-index";

let database: Database;
let remove: () => Promise<void>;
beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

const LONG = CHUNKS_A_TRANSACTION_MAX * 2 + 1;

const facts = (id: string) => ({
  id,
  connectionId: "c",
  objectKey: `${id}.txt`,
  origin: "o",
  customId: id,
  title: id,
  url: `s3://b/${id}.txt`,
  sizeBytes: 1,
  sourceModified: 1,
  tags: "",
});

/** A document whose chunks all hold this word. */
const document = (id: string, word: string, count: number): StoredDocument => ({
  ...facts(id),
  type: "text",
  content: word,
  contentHash: word,
  metadata: {},
  sourceEtag: word,
  extractorVersion: 1,
  isCut: false,
  titleTokens: "",
  chunks: Array.from({ length: count }, () => ({ content: word, tokens: word })),
});

const write = <T>(work: Parameters<typeof database.transaction<T>>[0]) => database.transaction(work);

async function stage(staged: StoredDocument, piecesMax = 100): Promise<void> {
  const version = await write((tx) => beginStaging(tx, staged, 1));
  for (let piece = 0; piece < piecesMax && piece * CHUNKS_A_TRANSACTION_MAX < staged.chunks.length; piece++) {
    const firstPosition = piece * CHUNKS_A_TRANSACTION_MAX;
    await write((tx) => stageChunks(tx, staged, { ...version, firstPosition }));
  }
}
const store = (stored: StoredDocument) => write((tx) => storeDocuments(tx, [stored], 1));

/** The documents of the chunks that search finds of a word, and how many chunks those are. */
async function found(word: string): Promise<{ ids: string[]; chunks: number }> {
  const match = { mode: "any", groups: [[{ words: [word], isPrefix: false }]] } as const;
  const scope = { tags: [], allowedTags: null, documentIds: null };
  const chunks = await database.reading(({ sql }) => findCandidates(sql, { match, scope, limit: 10_000 }));
  return { ids: [...new Set(chunks.map(({ documentId }) => documentId))].sort(), chunks: chunks.length };
}
const NOTHING = { ids: [], chunks: 0 };

async function tidy(): Promise<number> {
  for (let piece = 0; piece < 100; piece++) if (!(await write(deleteRetired))) return piece;
  throw new Error("There is no end to it.");
}
const indexed = () => write(({ sql }) => checkSearchIndex(sql));

test("a long document is found whole from one moment on, and its former version goes in pieces", async () => {
  await stage(document("a", "first", LONG));
  expect(await found("first")).toEqual(NOTHING);
  await store(document("a", "first", LONG));
  expect(await found("first")).toEqual({ ids: ["a"], chunks: LONG });

  await stage(document("a", "second", LONG + 1));
  expect(await found("second")).toEqual(NOTHING);
  await store(document("a", "second", LONG + 1));
  expect(await found("first")).toEqual(NOTHING);
  expect(await found("second")).toEqual({ ids: ["a"], chunks: LONG + 1 });

  expect(await indexed()).toBe(LONG + LONG + 1);
  expect(await tidy()).toBe(3);
  expect(await indexed()).toBe(LONG + 1);
  expect(await database.reading(hasRetired)).toBe(false);
});

test("short and long versions follow each other, and only the last is left", async () => {
  await store(document("a", "one", 2));
  await stage(document("a", "two", LONG));
  await store(document("a", "two", LONG));
  await store(document("a", "three", 3));
  await store(document("a", "four", 1));
  for (const word of ["one", "two", "three"]) expect(await found(word)).toEqual(NOTHING);
  expect(await found("four")).toEqual({ ids: ["a"], chunks: 1 });
  await tidy();
  expect(await indexed()).toBe(1);
});

test("what was staged before is given up for what is staged now, and for a short version", async () => {
  await stage(document("a", "first", LONG), 1);
  const { version, documentSerial } = await write((tx) => beginStaging(tx, document("a", "second", LONG), 1));
  await expect(
    write(({ sql }) => demandStaged(sql, { documentSerial, version: version - 1 })),
  ).rejects.toThrow("given up");
  await write(({ sql }) => demandStaged(sql, { documentSerial, version }));
  await store(document("a", "third", 1));
  await expect(write(({ sql }) => demandStaged(sql, { documentSerial, version }))).rejects.toThrow(
    "given up",
  );
  await tidy();
  expect(await indexed()).toBe(1);
  expect(await found("third")).toEqual({ ids: ["a"], chunks: 1 });
});

test("a long document that nobody has staged is not stored", async () => {
  await expect(store(document("a", "first", LONG))).rejects.toThrow("not staged");
  await store(document("a", "second", 1));
  await expect(store(document("a", "first", LONG))).rejects.toThrow("not staged");
  expect(await found("second")).toEqual({ ids: ["a"], chunks: 1 });
});

test("only the version that is staged is found from then on", async () => {
  const former = await write((tx) => beginStaging(tx, document("a", "first", LONG), 1));
  const version = await write((tx) => beginStaging(tx, document("a", "second", LONG), 1));
  await expect(write(({ sql }) => revealStaged(sql, [former]))).rejects.toThrow("given up");
  await write(({ sql }) => demandStaged(sql, version));
  await write(({ sql }) => revealStaged(sql, [version]));
});

test("what is abandoned is looked for among what is staged, however much is retired", async () => {
  await write(({ sql }) =>
    sql.run(
      `WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?)
       INSERT INTO hidden_chunks (document_serial, version, phase) SELECT 1000 + number, 0, 'retired' FROM numbers`,
      200_000,
    ),
  );
  const abandoned = await write((tx) => beginStaging(tx, document("a", "first", LONG), 1));
  const plan = await write(async ({ prisma, sql }) => {
    const plans: string[] = [];
    const explain = sql.dialect.name === "sqlite" ? "EXPLAIN QUERY PLAN" : "EXPLAIN";
    const all: typeof sql.all = async (text, ...bindings) => {
      const lines = await sql.all<Record<string, unknown>>(`${explain} ${text}`, ...bindings);
      plans.push(...lines.map((line) => String(line.detail ?? line["QUERY PLAN"])));
      return sql.all<never>(text, ...bindings);
    };
    expect(await retireAbandoned({ prisma, sql: { ...sql, all } }, 10)).toBe(1);
    return plans.join("\n");
  });
  expect(plan).toContain("hidden_chunks_staged");
  expect(plan).not.toMatch(/Seq Scan on hidden_chunks|hidden_chunks_pkey/);
  await expect(write(({ sql }) => demandStaged(sql, abandoned))).rejects.toThrow("given up");
  // The driver never ends an EXPLAIN on SQLite, and a database of which something is read has no table changed.
  await database.close();
});

describe.runIf(process.env.SLUICE_TEST_DATABASE_URL)("beside another writer", () => {
  test("what is abandoned is given up, and not what somebody begins at that moment", async () => {
    const abandoned = await write((tx) => beginStaging(tx, document("a", "first", LONG), 1));
    const begun = await write(async ({ prisma, sql }) => {
      let version = abandoned;
      const all: typeof sql.all = async (...asked) => {
        const rows = await sql.all<never>(...asked);
        version = await write((tx) => beginStaging(tx, document("a", "second", LONG), 1));
        return rows;
      };
      expect(await retireAbandoned({ prisma, sql: { ...sql, all } }, 10)).toBe(1);
      return version;
    });
    await write(({ sql }) => demandStaged(sql, begun));
    await expect(write(({ sql }) => demandStaged(sql, abandoned))).rejects.toThrow("given up");
  });

  test("a version goes after the chunks that are just being written to it, so that none is left", async () => {
    const staged = document("a", "first", LONG);
    const version = await write((tx) => beginStaging(tx, staged, 1));
    let gone: Promise<unknown> = Promise.resolve();
    await write(async (tx) => {
      await stageChunks(tx, staged, { ...version, firstPosition: 0 });
      gone = write(({ sql }) => retireStaged(sql, [version.documentSerial])).then(tidy);
      await Promise.race([gone, pause(300)]);
    });
    await gone;
    expect(await indexed()).toBe(0);
  });
});

test("a document that is removed is found no more, and whoever comes next gets none of its chunks", async () => {
  await store(document("gone", "heron", 3));
  await write((tx) => removeDocuments(tx, ["gone", "unknown"]));
  expect(await found("heron")).toEqual(NOTHING);

  await write((tx) => failDocuments(tx, [{ ...facts("failed"), error: "unreadable" }], 1));
  expect(await found("heron")).toEqual(NOTHING);
  await store(document("failed", "egret", 1));
  await write((tx) => removeDocuments(tx, ["failed"]));
  await stage(document("long", "stork", LONG));
  await store(document("long", "stork", LONG));
  await store(document("gone", "crane", 1));
  for (const word of ["heron", "egret"]) expect(await found(word)).toEqual(NOTHING);
  expect(await found("stork")).toEqual({ ids: ["long"], chunks: LONG });
  expect(await found("crane")).toEqual({ ids: ["gone"], chunks: 1 });
  await tidy();
  expect(await indexed()).toBe(LONG + 1);
});

test("a removal that is undone leaves the document as it was", async () => {
  await store(document("a", "heron", 2));
  const undone = write(async (tx) => {
    await removeDocuments(tx, ["a"]);
    throw new Error("stop here");
  });
  await expect(undone).rejects.toThrow("stop here");
  expect(await tidy()).toBe(0);
  expect(await found("heron")).toEqual({ ids: ["a"], chunks: 2 });
});

test("a document that is removed while its next version is staged leaves none of both", async () => {
  await store(document("a", "heron", 2));
  await stage(document("a", "egret", LONG));
  await write((tx) => removeDocuments(tx, ["a"]));
  await tidy();
  expect(await indexed()).toBe(0);
});

test("documents with much text are removed a few at a time, the first ones first", async () => {
  for (const id of ["a", "b", "c", "d"]) await store(document(id, "heron", 1));
  const half = Math.floor(CHUNKS_REMOVED_MAX / 2);
  await write(({ prisma }) => prisma.document.updateMany({ data: { chunkCount: half } }));
  const rest = (ids: string[]) => write((tx) => removeDocuments(tx, ids));
  expect(await rest(["b", "unknown", "c", "a", "d"])).toEqual(["b", "unknown", "c"]);
  await write(({ prisma }) => prisma.document.updateMany({ data: { chunkCount: CHUNKS_REMOVED_MAX + 1 } }));
  expect(await rest(["a", "d"])).toEqual(["a"]);
  expect(await found("heron")).toEqual({ ids: ["d"], chunks: 1 });
});
