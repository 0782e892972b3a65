import { afterEach, describe, expect, test } from "vitest";
import { asText } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

/** Texts that no version reads yet, by the kind that they are found to be. */
const KINDS = ["kind/one", "kind/two"];
const ONE = { 1: ["kind/one"] };

/** Skips and failures of both kinds among what is stored; all of it was read by a version before the first. */
async function openRead(reading: { kinds: string[] }): Promise<SyncBench> {
  const opened = await openSyncBench({}, (name, text) => {
    const detected = KINDS.find((kind) => text.includes(kind));
    if (detected === undefined || reading.kinds.includes(detected)) return asText(name, text);
    if (text.includes("skip")) return { outcome: "unsupported", detected };
    if (text.includes("empty")) return { outcome: "empty", detected };
    return { outcome: "failed", code: "extract_failed", message: `${name} cannot be read.`, detected };
  });
  opened.bucket.put("good.txt", "text");
  for (const [at, kind] of KINDS.entries())
    for (const how of ["skip", "empty", "fail"]) opened.bucket.put(`${how}-${at}.doc`, `${how} ${kind}`);
  await opened.sync();
  await opened.database.transaction(({ prisma }) =>
    prisma.sourceObject.updateMany({ data: { extractorVersion: 0 } }),
  );
  return opened;
}

const rows = () =>
  bench.database.reading(({ prisma }) => prisma.sourceObject.findMany({ orderBy: { key: "asc" } }));
const rowsOfKind = async (at: number) => (await rows()).filter(({ key }) => key.endsWith(`-${at}.doc`));
const read = () => bench.extracted.splice(0).sort();

describe("a new version of the extractor", () => {
  test("reads again exactly what is of a kind that it reads now, once", async () => {
    const reading: { kinds: string[] } = { kinds: [] };
    bench = await openRead(reading);
    const others = await rowsOfKind(1);
    expect(others).toMatchObject(Array(3).fill({ detected: "kind/two", extractorVersion: 0 }));
    expect(read()).toHaveLength(7);

    reading.kinds = ["kind/one"];
    const run = await bench.sync({ newlyRead: ONE });
    expect(read()).toEqual(["empty-0.doc", "fail-0.doc", "skip-0.doc"]);
    expect(run).toMatchObject({ getRequests: 3, tally: { unchanged: 1, skipped: { empty: 1 }, failed: 1 } });
    expect(await rowsOfKind(0)).toMatchObject(
      Array(3).fill({ outcome: "stored", detected: null, extractorVersion: 1 }),
    );
    expect(await rowsOfKind(1)).toEqual(others);

    const [stored, documents] = [await rows(), await bench.documents()];
    const second = await bench.sync({ newlyRead: ONE });
    expect(second).toMatchObject({ getRequests: 0, tally: { unchanged: 4, failed: 1 } });
    expect(await rows()).toEqual(stored);
    expect(await bench.documents()).toEqual(documents);
  });

  test("that still cannot read them asks for them no more", async () => {
    bench = await openRead({ kinds: [] });
    read();
    await bench.sync({ newlyRead: ONE });
    expect(read()).toHaveLength(3);
    expect(await rowsOfKind(0)).toMatchObject(Array(3).fill({ detected: "kind/one", extractorVersion: 1 }));
    expect(await bench.sync({ newlyRead: ONE })).toMatchObject({ getRequests: 0 });
  });

  test("reads all once that an older one could not, where that did not say what they were", async () => {
    bench = await openRead({ kinds: [] });
    read();
    await bench.database.transaction(({ prisma }) =>
      prisma.sourceObject.updateMany({ data: { detected: null } }),
    );
    await bench.sync({ newlyRead: ONE });
    expect(read()).toHaveLength(6);
    expect(await rowsOfKind(1)).toMatchObject(Array(3).fill({ detected: "kind/two", extractorVersion: 1 }));
    expect(await bench.sync({ newlyRead: ONE })).toMatchObject({ getRequests: 0 });
  });
});
