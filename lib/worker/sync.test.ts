import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench({ containerTags: ["team"] });
});
afterEach(() => bench.remove());

const keysOf = async () => (await bench.documents()).map(({ key }) => key);

describe("a sync run", () => {
  test("stores what is new, and a second run reads nothing and touches no row", async () => {
    bench.bucket.put("a.txt", "alpha");
    bench.bucket.put("b/c.md", "beta");
    const first = await bench.sync();
    expect(first).toMatchObject({ status: "completed", tally: { listed: 2, added: 2 }, getRequests: 2 });
    const before = await bench.documents();
    expect(before).toMatchObject([
      { key: "a.txt", status: "done", content: "alpha", tags: ["team"], chunkCount: 1 },
      { key: "b/c.md", status: "done", content: "beta" },
    ]);

    const second = await bench.sync();
    expect(second).toMatchObject({
      status: "completed",
      tally: { listed: 2, unchanged: 2, added: 0 },
      getRequests: 0,
    });
    expect(await bench.documents()).toEqual(before);
  });

  test("changed, new and deleted objects end as they should, and the same documents keep their ids", async () => {
    for (const name of ["a", "b", "c"]) bench.bucket.put(`${name}.txt`, `${name} one`);
    await bench.sync();
    const [a] = await bench.documents();
    bench.bucket.put("a.txt", "a two");
    bench.bucket.remove("b.txt");
    bench.bucket.put("d.txt", "d one");

    const run = await bench.sync();
    expect(run.tally).toMatchObject({ listed: 3, added: 1, updated: 1, unchanged: 1, removed: 1 });
    const documents = await bench.documents();
    expect(documents.map(({ key, content }) => [key, content])).toEqual([
      ["a.txt", "a two"],
      ["c.txt", "c one"],
      ["d.txt", "d one"],
    ]);
    expect(documents[0]?.id).toBe(a?.id);
    expect(await bench.sync()).toMatchObject({
      tally: { listed: 3, unchanged: 3, removed: 0 },
      getRequests: 0,
    });
  });

  test("skips by reason from the listing alone, and never asks for those bytes", async () => {
    bench.bucket.put("folder/", "");
    bench.bucket.put("empty.txt", "");
    bench.bucket.put("film.mp4", "moving pictures");
    bench.bucket.put("cold.txt", "frozen", { storageClass: "GLACIER" });
    bench.bucket.put("kept.txt", "text");
    const skipped = { directory_marker: 1, empty: 1, unsupported_type: 1, archived: 1 };
    expect(await bench.sync()).toMatchObject({ tally: { listed: 5, added: 1, skipped }, getRequests: 1 });
    expect(await bench.sync()).toMatchObject({ tally: { listed: 5, unchanged: 1, skipped }, getRequests: 0 });
    expect(await keysOf()).toEqual(["kept.txt"]);
  });

  test("an object whose bytes hold no text is read once and then skipped until it changes", async () => {
    bench.bucket.put("picture.txt", "!unsupported");
    expect(await bench.sync()).toMatchObject({ tally: { skipped: { unsupported_type: 1 } }, getRequests: 1 });
    expect(await bench.sync()).toMatchObject({ tally: { skipped: { unsupported_type: 1 } }, getRequests: 0 });
    bench.bucket.put("picture.txt", "now it is text");
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, skipped: {} }, getRequests: 1 });
  });

  test("an object that cannot be read shows as a failed document, and is tried again when it changes", async () => {
    bench.bucket.put("bad.txt", "!fail");
    bench.bucket.put("good.txt", "fine");
    expect(await bench.sync()).toMatchObject({ status: "completed", tally: { added: 1, failed: 1 } });
    expect(await bench.documents()).toMatchObject([
      { key: "bad.txt", status: "failed", content: null, error: "bad.txt cannot be read." },
      { key: "good.txt", status: "done" },
    ]);
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 1, failed: 1 }, getRequests: 0 });
    bench.bucket.put("bad.txt", "repaired");
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, failed: 0 } });
    expect(await bench.documents()).toMatchObject([{ key: "bad.txt", status: "done", error: null }, {}]);
  });

  test("when a new version cannot be read the old one stays searchable and is marked stale", async () => {
    bench.bucket.put("a.txt", "readable");
    await bench.sync();
    bench.bucket.put("a.txt", "!fail");
    await bench.sync();
    expect(await bench.documents()).toMatchObject([
      { status: "done", content: "readable", isStale: true, chunkCount: 1 },
    ]);
    bench.bucket.put("a.txt", "readable");
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 1, failed: 0 }, getRequests: 0 });
    expect(await bench.documents()).toMatchObject([{ status: "done", isStale: false, error: null }]);
  });

  test("an object that becomes empty keeps its former text, stale", async () => {
    bench.bucket.put("a.txt", "words");
    await bench.sync();
    bench.bucket.put("a.txt", "");
    expect(await bench.sync()).toMatchObject({ tally: { skipped: { empty: 1 }, removed: 0 } });
    expect(await bench.documents()).toMatchObject([{ content: "words", isStale: true }]);
    expect(await bench.sync()).toMatchObject({ tally: { skipped: { empty: 1 } }, getRequests: 0 });
  });

  test("an object that vanishes between listing and reading is a skip, never a removal", async () => {
    bench.bucket.put("a.txt", "here");
    bench.bucket.put("b.txt", "stays");
    bench.bucket.beforeRead = ({ key }) => {
      if (key === "a.txt") bench.bucket.remove("a.txt");
    };
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, skipped: { vanished: 1 }, removed: 0 } });
    expect(await bench.sync()).toMatchObject({ tally: { listed: 1, unchanged: 1 } });
  });

  test("an object that changes between listing and reading is stored in the version that was read", async () => {
    bench.bucket.put("a.txt", "first");
    let changes = 0;
    bench.bucket.beforeRead = () => {
      changes += 1;
      if (changes === 1) bench.bucket.put("a.txt", "second");
    };
    expect(await bench.sync()).toMatchObject({ tally: { added: 1 } });
    expect(await bench.documents()).toMatchObject([{ content: "second" }]);
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 1 }, getRequests: 0 });
  });

  test("keys are exact bytes, in the store's order", async () => {
    const keys = [
      "a//b",
      "a/b",
      "file",
      "file/child",
      "Ａ",
      "😀",
      "天気",
      "\u0301e",
      "é",
      "../x",
      "/lead",
      "a+b %2F",
      "tab\tkey",
    ];
    for (const key of keys) bench.bucket.put(`x${key}`, `text of ${key}`);
    expect(await bench.sync()).toMatchObject({ status: "completed", tally: { added: keys.length } });
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: keys.length }, getRequests: 0 });
  });

  test("a name so long that its title is cut within an emoji is stored and read back", async () => {
    const key = `${"x".repeat(299)}😀.txt`;
    bench.bucket.put(key, "text");
    bench.bucket.put(`${"y".repeat(299)}😀.txt`, "!fail");
    expect(await bench.sync()).toMatchObject({ status: "completed", tally: { added: 1, failed: 1 } });
    const titles = await bench.database.reading(({ prisma }) =>
      prisma.document.findMany({ select: { title: true } }),
    );
    expect(titles.map(({ title }) => title?.length)).toEqual([299, 299]);
  });
});
