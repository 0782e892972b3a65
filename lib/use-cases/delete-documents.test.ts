import { afterEach, beforeEach, expect, test } from "vitest";
import { MARK_PIECE_DOCUMENTS } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { replaceTags } from "@/lib/db/sql/document-tags";
import type { SqlSession } from "@/lib/db/sql-session";
import { listDocuments } from "@/lib/documents/list-documents";
import { deleteNamed, deleteTagged } from "./delete-documents";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let connected: Connected;
beforeEach(async () => {
  connected = await openConnected();
});
afterEach(() => connected.remove());

/** Documents `from` up to `to`, each with these tags. */
function add(from: number, to: number, tags: string[], createdAt = NOW): Promise<void> {
  const ids = Array.from({ length: to - from }, (_, at) => `d${from + at}`);
  const facts = { type: "text", status: "done", createdAt: BigInt(createdAt), updatedAt: BigInt(createdAt) };
  return connected.database.transaction(async (tx) => {
    await tx.prisma.document.createMany({ data: ids.map((id) => ({ id, customId: `of ${id}`, ...facts })) });
    await replaceTags(
      tx,
      ids.map((id) => ({ id, tags: tags.join(",") })),
    );
  });
}

const count = () =>
  connected.database.reading(
    async (tx) => (await listDocuments({ actor: ADA, tx, input: { page: 1, limit: 1 } })).totalItems,
  );

function drop(containerTags: string[], actor = ADA): Promise<number> {
  const { reading: read, transaction: write } = connected.database;
  return deleteTagged({ actor, read, write, input: { containerTags }, now: NOW });
}

test("a tag of more documents than one transaction marks is gone when the answer comes", async () => {
  await add(0, MARK_PIECE_DOCUMENTS * 2, ["t", "u"]);
  await add(MARK_PIECE_DOCUMENTS * 2, MARK_PIECE_DOCUMENTS * 2 + 5, ["t"]);
  expect(await drop(["u", "t"])).toBe(MARK_PIECE_DOCUMENTS * 2);
  expect(await count()).toBe(5);
  const pending = await connected.database.reading(({ prisma }) => prisma.tagDeletion.count());
  expect(pending).toBe(0);
  expect(await drop(["u", "t"])).toBe(0);
  expect(await connected.audit()).toEqual(["documents.deleted"]);
});

test("a document that comes while its tag is being deleted is not meant", async () => {
  await add(0, 3, ["t"]);
  await add(3, 5, ["t"], NOW + 1);
  await drop(["t"]);
  expect(await count()).toBe(2);
});

test("what is named is deleted in one transaction with its entry in the audit", async () => {
  await add(0, 3, ["t"]);
  await add(3, 4, ["u"]);
  const references = ["d0", "of d0", "of d1", "d3", "none"];
  let statements = 0;
  const { reading: read, transaction } = connected.database;
  const write: Database["transaction"] = (work) =>
    transaction((tx) => {
      const get: SqlSession["get"] = (...asked) => {
        statements += 1;
        return tx.sql.get(...asked);
      };
      const all: SqlSession["all"] = (...asked) => {
        statements += 1;
        return tx.sql.all(...asked);
      };
      return work({ ...tx, sql: { ...tx.sql, get, all } });
    });
  const deleted = await deleteNamed({ actor: TENANT, read, write, input: { references }, now: NOW });
  // They are looked up beside the writers.
  expect(statements).toBe(0);
  expect(deleted).toMatchObject({ ids: ["d0", "d1"], count: 2 });
  expect(deleted.refused.map(({ reference }) => reference)).toEqual(["d3", "none"]);
  expect(await count()).toBe(2);
  expect(await connected.audit()).toEqual(["documents.deleted"]);
});
