import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConnection } from "@/lib/connections/create-connection";
import { connectBucketInput } from "@/lib/connections/schema";
import type { Actor } from "@/lib/core/actor";
import type { Database } from "@/lib/db/database";
import { object } from "@/lib/db/testing/sample-rows";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { listObjects } from "./list-objects";
import type { ObjectFilter, ObjectPage } from "./schema";

const ADA: Actor = { kind: "person", userId: "1", email: "ada@example.com", address: null };
const TENANT: Actor = { kind: "api_key", keyId: "k", name: "tenant", tags: ["t"], address: null };
const STORED: ObjectFilter = { outcome: "stored", reason: null };
const SKIPPED: ObjectFilter = { outcome: "skipped", reason: null };

let database: Database;
let remove: () => Promise<void>;
let connectionId: string;

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  connectionId = await connect();
});
afterEach(() => remove());

async function connect(): Promise<string> {
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const input = connectBucketInput.parse({ bucket: "docs", region: "us-east-1", credentials });
  const columns = { addressingStyle: "path", sealedCredentials: "sealed", nextRunAt: null } as const;
  const made = await database.transaction((tx) =>
    createConnection({ actor: ADA, tx, now: 1, input: { ...input, ...columns } }),
  );
  return made.id;
}

type Row = {
  key: string;
  outcome: string;
  reason?: string;
  isAbsenceKept?: boolean;
  documentId?: string;
};

const put = (rows: readonly Row[], to = connectionId) =>
  database.transaction((tx) =>
    tx.prisma.sourceObject.createMany({
      data: rows.map((row) => ({ ...object(row.key), ...row, connectionId: to })),
    }),
  );

type Asked = { id?: string; afterKey?: string; actor?: Actor; bounds?: { listed: number; lookedAt: number } };

const list = (filter: ObjectFilter, { id = connectionId, afterKey = "", actor = ADA, bounds }: Asked = {}) =>
  database.reading((tx) =>
    listObjects({ actor, tx, input: { ...filter, connectionId: id, afterKey }, bounds }),
  );

const keysOf = ({ objects }: ObjectPage) => objects.map(({ key }) => key);

describe("objects as they were listed last", () => {
  test("are told apart by outcome and by reason, in the order of their keys' bytes", async () => {
    await put([
      { key: "😀", outcome: "skipped", reason: "archived" },
      { key: "\uff01", outcome: "skipped", reason: "archived" },
      { key: "a", outcome: "skipped", reason: "filtered" },
      { key: "b", outcome: "stored", documentId: "d" },
      { key: "c", outcome: "over_limit" },
      { key: "d", outcome: "failed", reason: "extract_failed" },
      { key: "e", outcome: "queued" },
    ]);
    await put([{ key: "z", outcome: "skipped", reason: "archived" }], await connect());
    expect(keysOf(await list(SKIPPED))).toEqual(["a", "\uff01", "😀"]);
    expect(keysOf(await list({ outcome: "skipped", reason: "archived" }))).toEqual(["\uff01", "😀"]);
    expect(keysOf(await list({ outcome: "over_limit", reason: null }))).toEqual(["c"]);
    expect(await list(STORED)).toEqual({
      objects: [{ key: "b", reason: null, sizeBytes: 5, lastModified: 1_790_000_000_000, documentId: "d" }],
      nextAfterKey: null,
    });
  });

  test("are not the documents that a person has kept of objects that are gone", async () => {
    await put([
      { key: "here", outcome: "stored" },
      { key: "kept", outcome: "stored", isAbsenceKept: true },
      { key: "outside the filters", outcome: "skipped", reason: "filtered", isAbsenceKept: true },
    ]);
    expect(keysOf(await list(STORED))).toEqual(["here"]);
    expect(keysOf(await list(SKIPPED))).toEqual(["outside the filters"]);
  });

  test("come page by page, each once, however few rows are looked at for a page", async () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({
      key: `k${String(at).padStart(2, "0")}`,
      ...(at % 10 < 5 ? { outcome: "skipped", reason: "empty" } : { outcome: "stored" }),
    }));
    await put(rows);
    const wanted = rows.filter(({ outcome }) => outcome === "skipped").map(({ key }) => key);
    for (const bounds of [
      { listed: 2, lookedAt: 100 },
      { listed: 100, lookedAt: 3 },
      { listed: 2, lookedAt: 3 },
      { listed: 15, lookedAt: 30 },
    ]) {
      const found: string[] = [];
      let afterKey: string | null = "";
      for (let page = 0; afterKey !== null && page < 40; page += 1) {
        const answer: ObjectPage = await list(SKIPPED, { afterKey, bounds });
        expect(answer.objects.length).toBeLessThanOrEqual(Math.min(bounds.listed, bounds.lookedAt));
        found.push(...keysOf(answer));
        afterKey = answer.nextAfterKey;
      }
      expect(afterKey).toBeNull();
      expect(found).toEqual(wanted);
    }
  });

  test("need full access and a connection that is there", async () => {
    await expect(list(STORED, { actor: TENANT })).rejects.toMatchObject({ code: "forbidden" });
    await expect(list(STORED, { id: "never" })).rejects.toMatchObject({ code: "not_found" });
    await database.transaction((tx) =>
      tx.prisma.connection.update({ where: { id: connectionId }, data: { deletedAt: 1n } }),
    );
    await expect(list(STORED)).rejects.toMatchObject({ code: "not_found" });
  });
});
