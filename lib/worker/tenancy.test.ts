import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getConnection } from "@/lib/connections/get-connection";
import { listConnections } from "@/lib/connections/list-connections";
import type { Actor } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { getDocument } from "@/lib/documents/get-document";
import {
  type ListDocumentsInput,
  listDocuments,
  listDocumentsWithText,
} from "@/lib/documents/list-documents";
import { search } from "@/lib/search/search";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { listRunChanges } from "@/lib/sync-runs/list-run-changes";
import { listSyncRuns } from "@/lib/sync-runs/list-sync-runs";
import { requestSync, requestSyncByTags } from "@/lib/use-cases/request-sync";
import { TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

/** A key that may see one tenant's documents only, in a knowledge base of two. */
const confined: Actor = { kind: "api_key", keyId: "k", name: "u1 only", tags: ["u1"], address: null };

let bench: SyncBench;
let foreignId: string;
let runId: string;
beforeAll(async () => {
  bench = await openSyncBench({ containerTagRegex: "users/(?<userId>[^/]+)/" });
  bench.bucket.put("users/u1/mine.txt", "the harbour opens at dawn");
  bench.bucket.put("users/u2/theirs.txt", "the harbour closes at dusk");
  runId = (await bench.sync()).id;
  const documents = await bench.documents();
  foreignId = documents.find(({ key }) => key === "users/u2/theirs.txt")?.id ?? "";
});
afterAll(() => bench.remove());

const read = <T>(work: (tx: Tx) => Promise<T>) => bench.database.reading(work);
const keysOf = (input: Partial<ListDocumentsInput>, actor: Actor = confined) =>
  read(async (tx) => {
    const page = await listDocuments({ actor, tx, input: { page: 1, limit: 10, ...input } });
    return page.documents.map(({ key }) => key).sort();
  });

describe("a key that is confined to a tag", () => {
  test("lists its own documents only, whatever tags it asks for", async () => {
    expect(await keysOf({})).toEqual(["users/u1/mine.txt"]);
    expect(await keysOf({ containerTags: ["u2"] })).toEqual([]);
    expect(await keysOf({ text: "theirs" })).toEqual([]);
    expect(await keysOf({ key: "users/u2/theirs.txt" })).toEqual([]);
    expect(await keysOf({ filter: { mode: "all", entries: [] } })).toEqual(["users/u1/mine.txt"]);
    const texts = await read((tx) =>
      listDocumentsWithText({ actor: confined, tx, input: { page: 1, limit: 10 } }),
    );
    expect(texts.documents.map(({ content }) => content)).toEqual(["the harbour opens at dawn"]);
  });

  test("does not get a foreign document, by its id or by its custom id", async () => {
    for (const reference of [foreignId, "s3://bench/users/u2/theirs.txt"]) {
      const get = (actor: Actor) => read((tx) => getDocument({ actor, tx, input: { reference } }));
      await expect(get(confined)).rejects.toMatchObject({ code: "not_found" });
      expect((await get(TESTER)).key).toBe("users/u2/theirs.txt");
    }
  });

  test("finds its own text only", async () => {
    const rest = { limit: 10, filter: null, chunkThreshold: 0, documentThreshold: 0, withContent: true };
    const ask = (containerTags: string[], documentId: string | null) =>
      read((tx) =>
        search({ actor: confined, tx, input: { ...rest, q: "harbour", containerTags, documentId } }),
      );
    expect((await ask([], null)).map(({ key }) => key)).toEqual(["users/u1/mine.txt"]);
    expect(await ask(["u2"], null)).toEqual([]);
    expect(await ask([], foreignId)).toEqual([]);
  });

  test.each<[string, (tx: Tx) => Promise<unknown>]>([
    ["list connections", (tx) => listConnections({ actor: confined, tx, input: {} })],
    ["see a connection", (tx) => getConnection({ actor: confined, tx, input: { id: bench.connectionId } })],
    ["see runs", (tx) => listSyncRuns({ actor: confined, tx, input: { connectionId: bench.connectionId } })],
    ["see a run", (tx) => getSyncRun({ actor: confined, tx, input: { id: runId } })],
    [
      "see keys of a run",
      (tx) => listRunChanges({ actor: confined, tx, input: { runId, kind: null, afterKey: "" } }),
    ],
    [
      "ask for a run",
      (tx) => requestSync({ actor: confined, tx, now: 0, input: { connectionId: bench.connectionId } }),
    ],
    [
      "ask for runs by tag",
      () => {
        const { reading, transaction } = bench.database;
        const input = { containerTags: ["u1"] };
        return requestSyncByTags({ actor: confined, read: reading, write: transaction, now: 0, input });
      },
    ],
  ])("may not %s", async (_what, attempt) => {
    await expect(read(attempt)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("listing documents by their key", () => {
  test("takes a whole key, or the beginning of keys when it ends with a slash", async () => {
    expect(await keysOf({ key: "users/u2/theirs.txt" }, TESTER)).toEqual(["users/u2/theirs.txt"]);
    expect(await keysOf({ key: "users/u2/" }, TESTER)).toEqual(["users/u2/theirs.txt"]);
    expect(await keysOf({ key: "users/" }, TESTER)).toHaveLength(2);
    expect(await keysOf({ key: "users" }, TESTER)).toEqual([]);
  });
});
