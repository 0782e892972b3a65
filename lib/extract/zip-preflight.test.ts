import { describe, expect, it } from "vitest";
import { ZIP_ENTRIES_MAX } from "@/lib/core/limits";
import { zipOf } from "./samples";
import { readZipDirectory, refuseZip, unpackParts, type ZipDirectory } from "./zip-preflight";

const MEGABYTE = 1024 * 1024;
const FINE: ZipDirectory = { names: ["a"], unpackedBytes: 5_000, packedBytes: 1_000, hasMoreEntries: false };

describe("an archive is opened only within its bounds", () => {
  it.each<[string, Partial<ZipDirectory>, RegExp | null]>([
    ["an ordinary one", {}, null],
    [
      "one that unpacks to exactly the bound",
      { unpackedBytes: 200 * MEGABYTE, packedBytes: 2 * MEGABYTE },
      null,
    ],
    [
      "one byte more",
      { unpackedBytes: 200 * MEGABYTE + 1, packedBytes: 2 * MEGABYTE },
      /201 MB, more than the 200 MB/,
    ],
    ["200 times its size", { unpackedBytes: 200_000 }, null],
    ["more than 200 times its size", { unpackedBytes: 200_001 }, /more than 200 times its size/],
    ["more parts than the bound", { hasMoreEntries: true }, /more than 10000 parts/],
  ])("%s", (_, change, sentence) => {
    const refusal = refuseZip({ ...FINE, ...change }, "Word document");
    if (sentence === null) expect(refusal).toBeNull();
    else expect(refusal).toMatch(sentence);
  });

  it("the directory is read without unpacking", async () => {
    const zip = zipOf([
      { name: "a.txt", content: "hello", declaredBytes: 300 * MEGABYTE },
      { name: "b/c.txt", content: "x" },
    ]);
    const directory = await readZipDirectory(zip);
    expect(directory).toEqual({
      names: ["a.txt", "b/c.txt"],
      unpackedBytes: 300 * MEGABYTE + 1,
      packedBytes: zip.length,
      hasMoreEntries: false,
    });
  });

  it("counting parts stops at the bound", async () => {
    const parts = Array.from({ length: ZIP_ENTRIES_MAX + 5 }, (_, at) => ({ name: `${at}`, content: "" }));
    const directory = await readZipDirectory(zipOf(parts));
    expect(directory?.hasMoreEntries).toBe(true);
    expect(directory?.names).toHaveLength(ZIP_ENTRIES_MAX);
  });

  it.each([
    ["nothing behind its first letters", Buffer.from("PK\x03\x04")],
    ["its end cut off", zipOf([{ name: "a", content: "a" }]).subarray(0, 45)],
  ])("one with %s has no directory", async (_, bytes) => {
    expect(await readZipDirectory(bytes)).toBeNull();
  });
});

describe("unpacking", () => {
  it("gives the wanted parts and leaves the others packed", async () => {
    const zip = zipOf([
      { name: "a.xml", content: "<a/>" },
      { name: "picture.png", content: "x", declaredBytes: 9 },
    ]);
    const parts: [string, string][] = [];
    await unpackParts(
      zip,
      (name) => name.endsWith(".xml"),
      (name, content) => parts.push([name, content.toString()]),
    );
    expect(parts).toEqual([["a.xml", "<a/>"]]);
  });

  it.each([
    ["more", 10],
    ["less", 5_000],
  ])("rejects a part that is %s than it declares", async (_, declaredBytes) => {
    const zip = zipOf([{ name: "a.xml", content: "a".repeat(1_000), declaredBytes }]);
    await expect(
      unpackParts(
        zip,
        () => true,
        () => undefined,
      ),
    ).rejects.toThrow();
  });
});
