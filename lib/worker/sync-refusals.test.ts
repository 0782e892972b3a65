import { afterEach, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { NO_FILTERS } from "@/lib/rules/filters";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const failures = () =>
  bench.database.reading(({ prisma }) =>
    prisma.sourceObject.findMany({
      where: { outcome: "failed" },
      select: { key: true, reason: true, stage: true, attempts: true },
    }),
  );
const statement = (text: string) => bench.database.transaction(({ sql }) => sql.run(text));

test("a document that the database refuses fails alone, is shown, and is stored when it is refused no more", async () => {
  bench = await openSyncBench();
  for (let at = 0; at < 10; at++) bench.bucket.put(`${at}.txt`, `text ${at}`);
  bench.bucket.put("twin.txt", "text 3");
  await statement("CREATE UNIQUE INDEX no_twins ON document (content)");
  expect(await bench.sync()).toMatchObject({
    status: "completed",
    tally: { listed: 11, added: 10, failed: 1 },
  });
  expect(await failures()).toEqual([
    { key: expect.stringMatching(/^(3|twin)\.txt$/), reason: "destination", stage: "store", attempts: 1 },
  ]);
  const failed = (await bench.documents()).filter(({ status }) => status === "failed");
  expect(failed).toMatchObject([{ content: null, error: expect.stringContaining("could not be stored") }]);

  await statement("DROP INDEX no_twins");
  expect(await bench.sync()).toMatchObject({ tally: { added: 1, unchanged: 10, failed: 0 }, getRequests: 1 });
});

test("an object over which something unforeseen is thrown fails alone, run after run, and never the run", async () => {
  bench = await openSyncBench();
  for (let at = 0; at < 10; at++) bench.bucket.put(`${at}.txt`, `text ${at}`);
  bench.bucket.beforeRead = ({ key }) => {
    if (key === "4.txt") throw new TypeError("nobody thought of this");
  };
  expect(await bench.sync()).toMatchObject({ status: "completed", tally: { added: 9, failed: 1 } });
  expect(await failures()).toEqual([{ key: "4.txt", reason: "internal", stage: "fetch", attempts: 1 }]);
  expect(await bench.sync()).toMatchObject({ status: "completed", tally: { unchanged: 9, failed: 1 } });
  bench.bucket.beforeRead = null;
  expect(await bench.sync()).toMatchObject({ tally: { added: 1, unchanged: 9, failed: 0 } });
});

test("an object that turns out to lie in an archive is skipped, and asked for once a day", async () => {
  bench = await openSyncBench();
  bench.bucket.put("a.txt", "text");
  bench.bucket.beforeRead = () => {
    throw new SluiceError({ code: "object_archived", effect: "skip", message: "The object is archived" });
  };
  expect(await bench.sync()).toMatchObject({ tally: { skipped: { archived: 1 } }, getRequests: 1 });
  expect(await bench.sync()).toMatchObject({ tally: { skipped: { archived: 1 } }, getRequests: 0 });
  bench.clock.now += 25 * 60 * 60 * 1000;
  bench.bucket.beforeRead = null;
  expect(await bench.sync()).toMatchObject({ tally: { added: 1, skipped: {} }, getRequests: 1 });
});

test("an object that grew out of the filters between its listing and its read is never stored", async () => {
  bench = await openSyncBench({ filters: { ...NO_FILTERS, sizeBytesMax: 20 } });
  bench.bucket.put("a.txt", "short");
  bench.bucket.beforeRead = () => void bench.bucket.put("a.txt", "x".repeat(500));
  expect(await bench.sync()).toMatchObject({ tally: { listed: 1, added: 0, skipped: { filtered: 1 } } });
  expect(await bench.documents()).toEqual([]);
  bench.bucket.beforeRead = null;
  expect(await bench.sync()).toMatchObject({
    tally: { skipped: { filtered: 1 }, removed: 0 },
    getRequests: 0,
  });
});
