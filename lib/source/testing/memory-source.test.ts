import { describe, expect, test } from "vitest";
import { MemorySource } from "./memory-source";
import { describeSource } from "./source-contract";

describeSource("the bucket in memory", async () => {
  const source = new MemorySource({ pageKeys: 7 });
  return {
    source,
    pageKeys: 7,
    put: async (key, content) => void source.put(key, content),
    remove: async (key) => void source.remove(key),
    close: async () => source.close(),
  };
});

describe("what only the fake can do", () => {
  const { signal } = new AbortController();
  const firstPage = { prefix: "", startAfter: null, token: null, signal };

  test("it counts its requests", async () => {
    const source = new MemorySource();
    source.put("a", "1");
    const { objects } = await source.listPage(firstPage);
    for (const object of objects) await source.read({ object, bytesMax: 10, signal });
    expect(source.counts).toEqual({ listed: 1, read: 1 });
  });

  test("a hook changes an object between its listing and its read", async () => {
    const source = new MemorySource();
    source.put("a", "1");
    const { objects } = await source.listPage(firstPage);
    source.beforeRead = ({ key }) => void source.put(key, "2");
    const results = await Promise.all(objects.map((object) => source.read({ object, bytesMax: 10, signal })));
    expect(results).toEqual([{ outcome: "changed" }]);
  });

  test("a hook that throws makes the call reject", async () => {
    const source = new MemorySource();
    source.beforePage = () => {
      throw new Error("the store is down");
    };
    await expect(source.listPage(firstPage)).rejects.toThrow("the store is down");
  });

  test("nothing may be called after close", async () => {
    const source = new MemorySource();
    source.close();
    await expect(source.listPage(firstPage)).rejects.toThrow("closed");
  });
});
