import { afterEach, describe, expect, test } from "vitest";
import { getConnection } from "@/lib/connections/get-connection";
import { CHUNKS_A_TRANSACTION_MAX, CHUNKS_REMOVED_MAX } from "@/lib/core/limits";
import { openStaged } from "@/lib/db/sql/hidden-chunks";
import { addChunks } from "@/lib/db/testing/add-chunks";
import { checkSearchIndex } from "@/lib/db/testing/search-index-state";
import type { ExtractedDocument } from "@/lib/extract/extract";
import { search } from "@/lib/search/search";
import { asText, TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";
import { tidyAll } from "./testing/tidy-all";

let bench: SyncBench;
afterEach(() => bench.remove());

const LONG = CHUNKS_A_TRANSACTION_MAX * 3 + 7;
const text = (word: string, chunks: number) =>
  Array.from({ length: chunks }, (_, at) => `${word} number${at}`).join("\f");

const found = async (q: string) => {
  const rest = {
    containerTags: [],
    limit: 10,
    documentId: null,
    filter: null,
    chunkThreshold: 0,
    documentThreshold: 0,
  };
  const results = await bench.database.reading((tx) =>
    search({ actor: TESTER, tx, input: { ...rest, q, withContent: false } }),
  );
  return results.map(({ key }) => key);
};
/** How many chunks are there, once what is left of former versions is gone. */
const chunksLeft = async () => {
  await tidyAll(bench.database);
  const hidden = await bench.database.reading(({ prisma }) => prisma.hiddenChunks.count());
  expect(hidden).toBe(0);
  return bench.database.transaction(({ sql }) => checkSearchIndex(sql));
};

/** A text says of itself what of it was cut. */
function asCutText(name: string, content: string): ExtractedDocument {
  const document = asText(name, content);
  if (document.outcome !== "text") return document;
  return { ...document, isCut: content === "cut text", areChunksCut: content === "cut chunks" };
}

test("a document of which a part was left out is marked as cut until it is whole", async () => {
  bench = await openSyncBench({}, asCutText);
  const cut = async () => {
    const rows = await bench.database.reading(({ prisma }) =>
      prisma.document.findMany({ where: { isCut: true }, orderBy: { objectKey: "asc" } }),
    );
    return rows.map(({ objectKey }) => objectKey);
  };
  for (const part of ["chunks", "nothing", "text"]) bench.bucket.put(`${part}.txt`, `cut ${part}`);
  await bench.sync();
  expect(await cut()).toEqual(["chunks.txt", "text.txt"]);
  const { connectionId: id } = bench;
  const connection = () =>
    bench.database.reading((tx) => getConnection({ actor: TESTER, tx, input: { id } }));
  expect(await connection()).toMatchObject({ documentCount: 3, cutCount: 2 });
  await bench.sync();
  expect(await cut()).toEqual(["chunks.txt", "text.txt"]);
  for (const part of ["chunks", "text"]) bench.bucket.put(`${part}.txt`, "short");
  await bench.sync();
  expect(await cut()).toEqual([]);
  expect(await connection()).toMatchObject({ documentCount: 3, cutCount: 0 });
});

describe("long documents", () => {
  test("come and go piece by piece, and search sees one whole version at any time", async () => {
    bench = await openSyncBench();
    bench.bucket.put("long.txt", text("alpha", LONG));
    bench.bucket.put("short.txt", "gamma");
    await bench.sync();
    expect(await found(`alpha number${LONG - 1}`)).toEqual(["long.txt"]);

    bench.bucket.put("long.txt", text("beta", LONG + 1));
    expect(await bench.sync()).toMatchObject({ tally: { updated: 1, unchanged: 1 } });
    expect(await found("alpha")).toEqual([]);
    expect(await found("beta")).toEqual(["long.txt"]);

    bench.bucket.put("long.txt", text("delta", 2));
    await bench.sync();
    expect(await found("beta")).toEqual([]);
    expect(await found("delta")).toEqual(["long.txt"]);

    bench.bucket.remove("long.txt");
    expect(await bench.sync()).toMatchObject({ tally: { removed: 1 } });
    expect(await found("delta")).toEqual([]);
  });

  test("what a cut leaves of a staged version is never found and does not stay", async () => {
    bench = await openSyncBench();
    bench.bucket.put("long.txt", text("alpha", LONG));
    await bench.sync();
    bench.bucket.put("long.txt", text("beta", LONG));
    let transactions = 0;
    const { transaction } = bench.database;
    bench.database.transaction = (work) => {
      transactions += 1;
      // Staging has begun; the disk is full from here on, until the test makes room.
      if (transactions > 6 && transactions < 1_000) return Promise.reject(new Error("the disk is full"));
      return transaction(work);
    };
    await bench.sync().catch(() => undefined);
    transactions = 1_000;
    expect(await found("beta")).toEqual([]);
    expect(await found("alpha")).toEqual(["long.txt"]);

    bench.clock.now += 60_000;
    await bench.sync();
    expect(await found("alpha")).toEqual([]);
    expect(await found("beta")).toEqual(["long.txt"]);
    expect(await chunksLeft()).toBe(LONG);
  });

  test("a staged version that was overtaken by a short one is never found", async () => {
    bench = await openSyncBench();
    bench.bucket.put("a.txt", text("first", LONG));
    await bench.sync();
    await bench.database.transaction(async ({ prisma, sql }) => {
      const documentSerial = Number((await prisma.document.findFirstOrThrow()).serial);
      // What a kill leaves that came while the next long version was being staged.
      const chunks = [{ content: "second", tokens: "second" }];
      const staged = await openStaged(sql, documentSerial);
      await addChunks(sql, [{ ...staged, titleTokens: "", chunks, firstPosition: 0 }]);
    });
    bench.bucket.put("a.txt", "third");
    await bench.sync();
    expect(await found("second")).toEqual([]);
    expect(await found("third")).toEqual(["a.txt"]);
    expect(await chunksLeft()).toBe(1);
  });

  test("a document that was being staged when its run broke leaves with its object", async () => {
    bench = await openSyncBench();
    bench.bucket.put("a.txt", text("alpha", LONG));
    const { transaction } = bench.database;
    let staged = 0;
    bench.database.transaction = (work) =>
      transaction(async (tx) => {
        const result = await work(tx);
        staged = await tx.prisma.hiddenChunks.count({ where: { phase: "staged" } });
        if (staged > 0 && staged < 100_000) setTimeout(() => breaking.abort(new Error("killed")), 0);
        return result;
      });
    const breaking = new AbortController();
    await bench.sync({ signal: breaking.signal });
    bench.database.transaction = transaction;
    bench.bucket.remove("a.txt");
    bench.bucket.put("b.txt", "stays");
    bench.clock.now += 60_000;
    await bench.sync();
    await bench.sync();
    expect((await bench.documents()).map(({ key }) => key)).toEqual(["b.txt"]);
    expect(await chunksLeft()).toBe(1);
  });

  test("a document is whole or gone, wherever its removal is cut", async () => {
    for (let cutAt = 1; ; cutAt++) {
      bench = await openSyncBench();
      for (const [name, chunks] of [
        ["a", 1],
        ["long", LONG],
        ["z", 2],
      ] as const) {
        bench.bucket.put(`${name}.txt`, text(name, chunks));
      }
      await bench.sync();
      bench.bucket.remove("a.txt");
      bench.bucket.remove("long.txt");
      const { transaction } = bench.database;
      let begun = 0;
      bench.database.transaction = (work) => {
        begun += 1;
        return begun < cutAt ? transaction(work) : Promise.reject(new Error("killed"));
      };
      const run = await bench.sync().catch(() => null);
      bench.database.transaction = transaction;
      await tidyAll(bench.database);
      const there = await bench.documents();
      const counts = { "a.txt": 1, "long.txt": LONG, "z.txt": 2 } as Record<string, number>;
      for (const { key, chunkCount } of there) expect([key, chunkCount]).toEqual([key, counts[key ?? ""]]);
      const isThere = there.some(({ key }) => key === "long.txt");
      expect(await found(`long number${LONG - 1}`)).toEqual(isThere ? ["long.txt"] : []);
      if (run !== null) {
        expect(cutAt).toBeGreaterThan(5);
        expect(isThere).toBe(false);
        return;
      }
      await bench.remove();
    }
  });

  test("are removed all the same where one transaction may not take all of them", async () => {
    bench = await openSyncBench();
    const keys = Array.from({ length: 12 }, (_, at) => `${at}.txt`);
    for (const key of [...keys, "stays.txt", ...keys.map((key) => `too/${key}`)])
      bench.bucket.put(key, "heron");
    await bench.sync();
    const chunkCount = Math.ceil(CHUNKS_REMOVED_MAX / 2);
    await bench.database.transaction(({ prisma }) => prisma.document.updateMany({ data: { chunkCount } }));
    for (const key of keys) bench.bucket.remove(key);
    expect(await bench.sync()).toMatchObject({ tally: { removed: 12, unchanged: 13 } });
    expect(await bench.documents()).toHaveLength(13);
    expect(Object.keys(await bench.objects())).toHaveLength(13);
    expect(await bench.sync()).toMatchObject({ tally: { removed: 0, unchanged: 13 } });
  });
});
