import { expect, test } from "vitest";
import type { ObjectPage } from "@/lib/sync-runs/schema";
import { lookFor } from "./object-queries";

const found = { key: "9", reason: null, sizeBytes: 1, lastModified: 1, documentId: null };

/** Answers like a bucket whose one object stands behind this many pieces without any. */
function bucket(emptyPieces: number) {
  const asked: string[] = [];
  const ask = async (afterKey: string): Promise<ObjectPage> => {
    asked.push(afterKey);
    if (asked.length <= emptyPieces) return { objects: [], nextAfterKey: `k${asked.length}` };
    return { objects: [found], nextAfterKey: null };
  };
  return { asked, ask };
}

test("a look goes on behind pieces that have no such object, each from where the last one ended", async () => {
  const { asked, ask } = bucket(3);
  expect(await lookFor(ask, "")).toEqual({ objects: [found], nextAfterKey: null });
  expect(asked).toEqual(["", "k1", "k2", "k3"]);
});

test("a look ends where the bucket does, and has a bound", async () => {
  const nothing: ObjectPage = { objects: [], nextAfterKey: null };
  expect(await lookFor(async () => nothing, "")).toEqual(nothing);
  const { asked, ask } = bucket(1_000);
  expect(await lookFor(ask, "")).toEqual({ objects: [], nextAfterKey: "k50" });
  expect(asked).toHaveLength(50);
});
