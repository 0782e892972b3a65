import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as tag from "../container-tags/[tag]/route";
import { type ApiBench, NOW, openApiBench } from "../testing/api-bench";
import * as document from "./[id]/route";
import * as bulk from "./bulk/route";
import * as list from "./list/route";

let bench: ApiBench;
beforeEach(async () => {
  bench = await openApiBench();
  await bench.installation.database.transaction(async ({ prisma }) => {
    const facts = { type: "text", status: "done", createdAt: BigInt(NOW), updatedAt: BigInt(NOW) };
    const tagsOf = { d1: ["t", "u"], d2: ["t"], d3: ["u"], d4: ["v"] };
    for (const [id, tags] of Object.entries(tagsOf)) {
      const create = tags.map((tag) => ({ tag }));
      await prisma.document.create({ data: { id, ...facts, customId: `s3://b/x/${id}`, tags: { create } } });
    }
  });
});
afterEach(() => bench.remove());

const left = async (as?: string): Promise<string[]> => {
  const { answer } = await bench.ask(list.POST, { body: {}, as });
  return answer.memories.map(({ id }: { id: string }) => id).sort();
};
const named = (end: string) => bench.ask(document.GET, { end: `documents/${end}` });
const audit = () =>
  bench.installation.database.reading(({ prisma }) =>
    prisma.auditEntry.findMany({
      where: { action: { startsWith: "documents." } },
      select: { action: true, subjectKind: true, subjectId: true },
    }),
  );

describe("one document", () => {
  test("is deleted by its id or its custom id, and answers with nothing; then it is not found", async () => {
    for (const end of ["documents/d1", `documents/${encodeURIComponent("s3://b/x/d2")}`]) {
      expect(await bench.ask(document.DELETE, { end })).toEqual({ status: 204, answer: null });
      expect((await bench.ask(document.DELETE, { end })).status).toBe(404);
    }
    expect(await left()).toEqual(["d3", "d4"]);
    expect((await named("d1")).status).toBe(404);
    expect(await audit()).toEqual([
      { action: "documents.deleted", subjectKind: "document", subjectId: "d1" },
      { action: "documents.deleted", subjectKind: "document", subjectId: "d2" },
    ]);
  });

  test("says whether its text is cut", async () => {
    const { transaction } = bench.installation.database;
    await transaction(({ prisma }) =>
      prisma.document.update({ where: { id: "d1" }, data: { isCut: true, chunkCount: 5_000 } }),
    );
    expect(await named("d1")).toMatchObject({ answer: { isCut: true, chunkCount: 5_000 } });
    expect(await named("d2")).toMatchObject({ answer: { isCut: false } });
  });

  test("of another container tag is not there for a key that is confined", async () => {
    const as = bench.tenantKey;
    expect((await bench.ask(document.DELETE, { end: "documents/d3", as })).status).toBe(404);
    expect((await bench.ask(document.DELETE, { end: "documents/d2", as })).status).toBe(204);
    expect(await left()).toEqual(["d1", "d3", "d4"]);
  });
});

describe("many documents", () => {
  test("are deleted by their ids; what is not there is named, and one that is named twice counts once", async () => {
    const body = { ids: ["d1", "d1", "s3://b/x/d1", "d3", "nowhere"] };
    expect(await bench.ask(bulk.DELETE, { body })).toEqual({
      status: 200,
      answer: {
        success: false,
        deletedCount: 2,
        errors: [{ id: "nowhere", error: "Document not found" }],
      },
    });
    expect(await left()).toEqual(["d2", "d4"]);
    expect(await bench.ask(bulk.DELETE, { body: { ids: ["d2"] } })).toEqual({
      status: 200,
      answer: { success: true, deletedCount: 1 },
    });
  });

  test("are deleted when they have all of the container tags", async () => {
    const both = { containerTags: ["t", "u"] };
    expect(await bench.ask(bulk.DELETE, { body: both })).toEqual({
      status: 200,
      answer: { success: true, deletedCount: 1, ...both },
    });
    expect(await left()).toEqual(["d2", "d3", "d4"]);
    expect((await bench.ask(bulk.DELETE, { body: both })).answer.deletedCount).toBe(0);
    expect(await bench.ask(bulk.DELETE, { body: { containerTag: "u" } })).toMatchObject({
      answer: { deletedCount: 1, containerTags: ["u"] },
    });
    expect(await left()).toEqual(["d2", "d4"]);
  });

  test("of another container tag are not reached by a key that is confined", async () => {
    const as = bench.tenantKey;
    expect((await bench.ask(bulk.DELETE, { as, body: { containerTags: ["u"] } })).status).toBe(403);
    const byId = await bench.ask(bulk.DELETE, { as, body: { ids: ["d3", "d2"] } });
    expect(byId).toMatchObject({ answer: { deletedCount: 1, errors: [{ id: "d3" }] } });
    const mixed = await bench.ask(bulk.DELETE, { as, body: { containerTags: ["u", "t"] } });
    expect(mixed).toMatchObject({ status: 200, answer: { deletedCount: 1 } });
    expect(await left()).toEqual(["d3", "d4"]);
  });

  test.each([
    ["nothing", {}],
    ["no id", { ids: [] }],
    ["no tag", { containerTags: [] }],
    ["ids and tags at once", { ids: ["d1"], containerTags: ["t"] }],
    ["more ids than a request may name", { ids: Array.from({ length: 101 }, (_, at) => `d${at}`) }],
    ["what is no tag", { containerTags: ["no tag!"] }],
    ["a path, which is not looked at", { containerTags: ["t"], filepath: "reports/" }],
  ])("are not deleted by a request that names %s", async (_what, body) => {
    expect((await bench.ask(bulk.DELETE, { body })).status).toBe(400);
    expect(await left()).toHaveLength(4);
  });
});

test("a container tag is deleted with its documents, by a key that may do everything", async () => {
  const end = "container-tags/t";
  expect((await bench.ask(tag.DELETE, { end, as: bench.tenantKey })).status).toBe(403);
  expect(await bench.ask(tag.DELETE, { end })).toEqual({
    status: 200,
    answer: { success: true, containerTag: "t", deletedDocumentsCount: 2, deletedMemoriesCount: 0 },
  });
  expect(await left()).toEqual(["d3", "d4"]);
  expect(await bench.ask(tag.DELETE, { end })).toMatchObject({
    status: 404,
    answer: { error: "Container tag not found" },
  });
});
