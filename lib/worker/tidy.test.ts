import { afterEach, beforeEach, expect, test } from "vitest";
import { openStaged } from "@/lib/db/sql/hidden-chunks";
import { addChunks } from "@/lib/db/testing/add-chunks";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";
import { tidyAll } from "./testing/tidy-all";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  bench.bucket.put("a.txt", "text");
  await bench.sync();
});
afterEach(() => bench.remove());

test("what was staged goes with what is retired, unless its object is about to be stored", async () => {
  bench.bucket.put("b.txt", "text");
  await bench.sync();
  await bench.database.transaction(async ({ prisma, sql }) => {
    for (const { serial } of await prisma.document.findMany()) {
      const staged = await openStaged(sql, Number(serial));
      const chunks = [{ content: "next", tokens: "next" }];
      await addChunks(sql, [{ ...staged, titleTokens: "", chunks, firstPosition: 0 }]);
    }
    await prisma.sourceObject.updateMany({ where: { key: "b.txt" }, data: { outcome: "queued" } });
  });
  await tidyAll(bench.database);
  const left = await bench.database.reading(({ sql }) =>
    sql.all(
      `SELECT d.object_key AS key, c.version <> d.chunk_version AS "isHidden"
       FROM chunk c JOIN document d ON d.serial = c.document_serial ORDER BY c.id`,
    ),
  );
  expect(left).toEqual([
    { key: "a.txt", isHidden: 0 },
    { key: "b.txt", isHidden: 0 },
    { key: "b.txt", isHidden: 1 },
  ]);
});
