import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import type { Database, Tx } from "@/lib/db/database";
import type { SqlSession } from "@/lib/db/sql-session";
import { applyPlan } from "./apply-plan";
import { disconnectByTags } from "./disconnect";
import { requestPlan } from "./request-plan";
import { requestSync, requestSyncByTags } from "./request-sync";
import { retryFailures } from "./retry-failures";
import { ADA, type Connected, NOW, openConnected } from "./testing/connected";

let bench: Connected;
beforeEach(async () => {
  bench = await openConnected({ containerTags: ["org"] });
});
afterEach(() => bench.remove());

/** Tables that may have a million rows of one connection: no transaction counts them, or goes through them by Prisma. */
const COUNTED = /count\(\*\)|sum\(/i;

function watched(tx: Tx): Tx {
  const demandFew = (text: string) => {
    if (COUNTED.test(text)) throw new TypeError(`A transaction counts rows: ${text}`);
  };
  const all: SqlSession["all"] = (text, ...bindings) => {
    demandFew(text);
    return tx.sql.all(text, ...bindings);
  };
  const get: SqlSession["get"] = (text, ...bindings) => {
    demandFew(text);
    return tx.sql.get(text, ...bindings);
  };
  const prisma = new Proxy(tx.prisma, {
    get: (target, name) => {
      if (name === "runChange" || name === "document") throw new TypeError(`A transaction reads ${name}.`);
      return Reflect.get(target, name);
    },
  });
  return { prisma, sql: { ...tx.sql, all, get } };
}

const write: Database["transaction"] = (work) => bench.database.transaction((tx) => work(watched(tx)));
const gone = { code: "not_found" };

describe("no transaction goes through all that a connection has", () => {
  test("when runs of it are asked for, and a plan is applied", async () => {
    const { connectionId, database } = bench;
    const input = { connectionId };
    const plan = await write((tx) => requestPlan({ actor: ADA, tx, now: NOW, input }));
    await bench.moveRun(plan.runId, { status: "completed", completedAt: BigInt(NOW) });
    const planRunId = plan.runId;
    const applied = await write((tx) =>
      applyPlan({ actor: ADA, tx, now: NOW, input: { connectionId, planRunId } }),
    );
    await bench.moveRun(applied.runId, { status: "running" });
    expect(await write((tx) => requestSync({ actor: ADA, tx, now: NOW, input }))).toMatchObject({
      outcome: "queued",
    });
    const ofTags = { actor: ADA, read: database.reading, write, now: NOW };
    await requestSyncByTags({ ...ofTags, input: { containerTags: ["org"] } });
    expect(await retryFailures({ actor: ADA, write, now: NOW, input: { connectionId, keys: null } })).toEqual(
      {
        retried: 0,
        unknownKeys: [],
        run: null,
      },
    );
    const leaving = { containerTags: ["org"], deleteDocuments: true };
    expect(await disconnectByTags({ ...ofTags, input: leaving })).toBe(connectionId);
  });

  test("and one that is not there is still not found", async () => {
    const input = { connectionId: "nobody" };
    await expect(write((tx) => requestSync({ actor: ADA, tx, now: NOW, input }))).rejects.toMatchObject(gone);
    await expect(write((tx) => requestPlan({ actor: ADA, tx, now: NOW, input }))).rejects.toMatchObject(gone);
    const retrying = retryFailures({ actor: ADA, write, now: NOW, input: { ...input, keys: null } });
    await expect(retrying).rejects.toMatchObject(gone);
  });
});

test("removing connections by their tags has a transaction for each, and spares what is gone meanwhile", async () => {
  const { database } = bench;
  const ids = await database.transaction(async ({ prisma }) => {
    const row = await prisma.connection.findFirstOrThrow();
    const copies = ["second", "third"].map((id, at) => ({
      ...row,
      id,
      createdAt: row.createdAt + BigInt(at + 1),
    }));
    await prisma.connection.createMany({ data: copies });
    const tags = copies.map(({ id }) => ({ connectionId: id, position: 0, tag: "org" }));
    await prisma.connectionTag.createMany({ data: tags });
    return [row.id, ...copies.map(({ id }) => id)];
  });
  let transactions = 0;
  const counted: Database["transaction"] = async (work) => {
    transactions += 1;
    // Somebody else is faster with the second.
    if (transactions === 2)
      throw new SluiceError({ code: "not_found", effect: "stop", message: "Connection" });
    return database.transaction(work);
  };
  const input = { containerTags: ["org"], deleteDocuments: false };
  const args = { actor: ADA, read: database.reading, write: counted, now: NOW, input };
  expect(await disconnectByTags(args)).toBe("third");
  expect(transactions).toBe(ids.length);
  const left = await database.reading(({ prisma }) =>
    prisma.connection.findMany({ where: { deletedAt: null } }),
  );
  expect(left.map(({ id }) => id)).toEqual(["second"]);
  const none = { ...args, input: { ...input, containerTags: ["nobody"] } };
  await expect(disconnectByTags(none)).rejects.toMatchObject(gone);
});
