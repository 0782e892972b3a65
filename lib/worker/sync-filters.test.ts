import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listDocuments } from "@/lib/documents/list-documents";
import { settleHold } from "@/lib/use-cases/settle-hold";
import { TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench({ containerTags: ["team"] });
  for (const key of ["a.md", "b.txt", "drafts/c.md", "drafts/film.mp4"])
    bench.bucket.put(key, `text of ${key}`);
});
afterEach(() => bench.remove());

/** As a change of the settings writes it. */
const setFilters = (data: object) =>
  bench.database.transaction((tx) =>
    tx.prisma.connection.update({
      where: { id: bench.connectionId },
      data: { ...data, revision: { increment: 1 } },
    }),
  );
const keys = async () => (await bench.documents()).map(({ key }) => key);

describe("a filter", () => {
  test("leaves out what it says before a byte of it is read, and a second run changes nothing", async () => {
    await setFilters({ includeGlobs: '["*.md"]', excludeGlobs: '["drafts/"]' });
    const run = await bench.sync();
    expect(run).toMatchObject({ tally: { listed: 4, added: 1, skipped: { filtered: 3 } }, getRequests: 1 });
    expect(await keys()).toEqual(["a.md"]);
    expect(await bench.sync()).toMatchObject({
      tally: { listed: 4, unchanged: 1, skipped: { filtered: 3 }, removed: 0 },
      getRequests: 0,
    });
  });

  test("that is set later takes the documents it leaves out with it, and reads nothing", async () => {
    await bench.sync();
    expect(await keys()).toEqual(["a.md", "b.txt", "drafts/c.md"]);
    await setFilters({ extensions: '["md"]', sizeBytesMax: 12n });
    const run = await bench.sync();
    expect(run).toMatchObject({ tally: { listed: 4, unchanged: 1, skipped: { filtered: 3 }, removed: 2 } });
    expect(run.getRequests).toBe(0);
    expect(await keys()).toEqual(["a.md"]);
    expect(await bench.sync()).toMatchObject({ tally: { removed: 0, unchanged: 1 } });
  });

  test("that is taken away brings back what it left out", async () => {
    await setFilters({ excludeGlobs: '["drafts/"]' });
    await bench.sync();
    await setFilters({ excludeGlobs: "[]" });
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, unchanged: 2 } });
    expect(await keys()).toEqual(["a.md", "b.txt", "drafts/c.md"]);
  });

  test("whose removals a person has dismissed leaves those documents alone, also when their objects change", async () => {
    for (let at = 0; at < 40; at++) bench.bucket.put(`many/${at}.txt`, `text ${at}`);
    await bench.sync();
    await setFilters({ excludeGlobs: '["many/"]' });
    await bench.sync();
    await settleHold({
      actor: TESTER,
      read: bench.database.reading,
      write: bench.database.transaction,
      input: { connectionId: bench.connectionId, decision: "dismiss" },
      now: bench.clock.now,
    });
    bench.bucket.put("many/3.txt", "another text");
    for (let run = 0; run < 3; run++) {
      expect(await bench.sync()).toMatchObject({ tally: { removed: 0, onHold: 0 }, getRequests: 0 });
    }
    expect(await keys()).toHaveLength(43);
    // Back in the scope it is an object like any other.
    await setFilters({ excludeGlobs: "[]" });
    expect(await bench.sync()).toMatchObject({ tally: { updated: 1, unchanged: 42 } });
    await setFilters({ excludeGlobs: '["many/3.txt"]' });
    expect(await bench.sync()).toMatchObject({ tally: { removed: 1 } });
  });

  test("that leaves out most of what is stored waits for a person", async () => {
    for (let at = 0; at < 40; at++) bench.bucket.put(`many/${at}.txt`, `text ${at}`);
    await bench.sync();
    await setFilters({ excludeGlobs: '["many/"]' });
    expect(await bench.sync()).toMatchObject({ tally: { removed: 0, onHold: 40 } });
    expect(await keys()).toHaveLength(43);
  });

  test("keeps the documents where the connection keeps those of objects that are gone", async () => {
    await bench.sync();
    await setFilters({ excludeGlobs: '["drafts/"]', deletionPolicy: "keep" });
    expect(await bench.sync()).toMatchObject({ tally: { removed: 0, skipped: { filtered: 2 } } });
    expect(await keys()).toContain("drafts/c.md");
  });
});

test("other tags are given without reading", async () => {
  await bench.sync();
  await bench.database.transaction(async (tx) => {
    await tx.prisma.connectionTag.updateMany({ data: { tag: "other" } });
    await tx.prisma.connection.updateMany({ data: { revision: { increment: 1 } } });
  });
  expect(await bench.sync()).toMatchObject({ tally: { listed: 4, retagged: 3 }, getRequests: 0 });
  expect((await bench.documents()).map(({ tags }) => tags)).toEqual([["other"], ["other"], ["other"]]);
});

describe("tags of documents that are stale", () => {
  test.each([
    ["could not be read", "!fail"],
    ["holds no text", "!unsupported"],
  ])("follow the connection though the new version %s", async (_what, content) => {
    await bench.sync();
    bench.bucket.put("a.md", content);
    await bench.sync();
    await bench.database.transaction(async ({ prisma }) => {
      await prisma.connectionTag.updateMany({ data: { tag: "other_team" } });
      await prisma.connection.updateMany({ data: { revision: { increment: 1 } } });
    });
    await bench.sync();
    const tags = (await bench.documents()).map((document) => [document.key, document.tags, document.isStale]);
    expect(tags).toEqual([
      ["a.md", ["other_team"], true],
      ["b.txt", ["other_team"], false],
      ["drafts/c.md", ["other_team"], false],
    ]);
    const before = await bench.documents();
    await bench.sync();
    expect(await bench.documents()).toEqual(before);
  });

  test("and the documents themselves are fresh again when their stored version is back and its tags are others", async () => {
    await bench.sync();
    bench.bucket.put("a.md", "!fail");
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 2, failed: 1 } });
    bench.bucket.put("a.md", "text of a.md");
    await bench.database.transaction(({ prisma }) =>
      prisma.connectionTag.updateMany({ data: { tag: "other_team" } }),
    );
    await setFilters({});
    expect(await bench.sync()).toMatchObject({ tally: { retagged: 3, failed: 0 }, getRequests: 0 });
    expect(await bench.objects()).toMatchObject({ "a.md": "stored" });
    const fresh = { content: "text of a.md", tags: ["other_team"], isStale: false, error: null };
    expect((await bench.documents())[0]).toMatchObject({ key: "a.md", ...fresh });
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 3, failed: 0 }, getRequests: 0 });
  });
});

describe("tags of failed documents that have no text", () => {
  const listed = async (tag: string) => {
    const input = { page: 1, limit: 10, containerTags: [tag] };
    const page = await bench.database.reading((tx) => listDocuments({ actor: TESTER, tx, input }));
    return page.documents.map(({ key, status }) => [key, status]).sort();
  };
  const failAll = async () => {
    for (const key of ["a.md", "b.txt"]) bench.bucket.put(key, "!fail");
    await bench.sync();
  };

  test("follow the connection before the objects are read again", async () => {
    await failAll();
    expect(await listed("team")).toContainEqual(["a.md", "failed"]);
    await bench.database.transaction(({ prisma }) =>
      prisma.connectionTag.updateMany({ data: { tag: "other_team" } }),
    );
    await setFilters({});
    expect(await bench.sync()).toMatchObject({ tally: { listed: 4, failed: 2 }, getRequests: 0 });
    expect(await listed("team")).toEqual([]);
    expect(await listed("other_team")).toEqual([
      ["a.md", "failed"],
      ["b.txt", "failed"],
      ["drafts/c.md", "done"],
    ]);
    const before = await bench.documents();
    await bench.sync();
    expect(await bench.documents()).toEqual(before);
  });

  test("are those of the last try alone when that fails, too", async () => {
    await failAll();
    await bench.database.transaction(({ prisma }) =>
      prisma.connectionTag.updateMany({ data: { tag: "other_team" } }),
    );
    await setFilters({});
    await bench.sync({ kind: "reread" });
    expect(await listed("team")).toEqual([]);
    expect(await listed("other_team")).toContainEqual(["a.md", "failed"]);
  });

  test("are none when the regex captures what is no tag", async () => {
    await failAll();
    await setFilters({ containerTagRegex: "(?<userId>[.])" });
    await bench.sync();
    expect(await listed("team")).not.toContainEqual(["a.md", "failed"]);
    const bare = (await bench.documents()).filter(({ status }) => status === "failed");
    expect(bare.map(({ key, tags }) => [key, tags])).toEqual([
      ["a.md", []],
      ["b.txt", []],
    ]);
  });
});
