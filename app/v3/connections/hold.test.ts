import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiBench, NOW, openApiBench } from "../testing/api-bench";
import * as hold from "./[ref]/hold/route";
import * as connection from "./[ref]/route";

let bench: ApiBench;
beforeEach(async () => {
  bench = await openApiBench();
});
afterEach(() => bench.remove());

const KEYS = ["a.txt", "b.txt", "c.txt"];

/** Removals as a run puts them on hold. */
async function putOnHold(runId: string): Promise<void> {
  const { connectionId, installation } = bench;
  await installation.database.transaction(async ({ prisma }) => {
    const version = { listedEtag: "e", sizeBytes: 1n, lastModified: 1n, storageClass: "STANDARD" };
    await prisma.sourceObject.createMany({
      data: KEYS.map((key) => ({ connectionId, key, ...version, outcome: "stored", documentId: key })),
    });
    const facts = { status: "open", reason: "share", createdAt: BigInt(NOW) };
    await prisma.hold.create({ data: { id: `hold of ${runId}`, connectionId, runId, ...facts } });
    await prisma.holdKey.createMany({ data: KEYS.map((key) => ({ holdId: `hold of ${runId}`, key })) });
  });
}

const auditOf = () =>
  bench.installation.database.reading(({ prisma }) =>
    prisma.auditEntry.findMany({ where: { subjectKind: "hold" }, select: { action: true, actorKind: true } }),
  );

test("removals on hold are read in pages, with the run that listed them, and stand with their connection", async () => {
  await putOnHold("r1");
  const shown = { runId: "r1", keyCount: 3, reason: "share" };
  const created = { createdAt: new Date(NOW).toISOString() };
  expect(await bench.ask(hold.GET, { query: "?limit=2" })).toEqual({
    status: 200,
    answer: { hold: { ...shown, ...created }, keys: ["a.txt", "b.txt"], nextAfterKey: "b.txt" },
  });
  expect(await bench.ask(hold.GET, { query: "?limit=2&afterKey=b.txt" })).toMatchObject({
    answer: { hold: { runId: "r1", keyCount: 3 }, keys: ["c.txt"], nextAfterKey: null },
  });
  expect(await bench.ask(connection.GET)).toMatchObject({ answer: { hold: shown } });
});

test("where nothing waits there is nothing to read and nothing to decide", async () => {
  expect(await bench.ask(hold.GET)).toEqual({
    status: 200,
    answer: { hold: null, keys: [], nextAfterKey: null },
  });
  expect((await bench.ask(connection.GET)).answer).not.toHaveProperty("hold");
  expect(await bench.ask(hold.POST, { body: { decision: "dismiss" } })).toMatchObject({ status: 409 });
});

test("applying queues the run that removes, and says how many documents it is about", async () => {
  await putOnHold("r1");
  const applied = await bench.ask(hold.POST, { body: { decision: "apply", runId: "r1" } });
  expect(applied).toMatchObject({
    status: 202,
    answer: { keyCount: 3, run: { kind: "sync", state: "queued" } },
  });
  expect((await bench.ask(hold.GET)).answer.hold).toBeNull();
  expect(await auditOf()).toEqual([{ action: "hold.applied", actorKind: "api_key" }]);
});

test("dismissing keeps the documents, and no run is queued for it", async () => {
  await putOnHold("r1");
  expect(await bench.ask(hold.POST, { body: { decision: "dismiss" } })).toEqual({
    status: 200,
    answer: { keyCount: 3, run: null },
  });
  const { connectionId, installation } = bench;
  const where = { connectionId, isAbsenceKept: true };
  expect(await installation.database.reading(({ prisma }) => prisma.sourceObject.count({ where }))).toBe(3);
  expect(await auditOf()).toEqual([{ action: "hold.dismissed", actorKind: "api_key" }]);
});

test("a decision about another list than the one that waits is refused, and changes nothing", async () => {
  await putOnHold("r2");
  for (const decision of ["apply", "dismiss"]) {
    const refused = await bench.ask(hold.POST, { body: { decision, runId: "r1" } });
    expect(refused).toMatchObject({ status: 409, answer: { error: expect.stringContaining("changed") } });
  }
  expect((await bench.ask(hold.GET)).answer.hold).toMatchObject({ runId: "r2", keyCount: 3 });
  expect(await auditOf()).toEqual([]);
});

test("what is no decision, a key that is confined to tags and an unknown connection are refused", async () => {
  await putOnHold("r1");
  const body = { decision: "apply" };
  expect((await bench.ask(hold.POST, { body: { decision: "perhaps" } })).status).toBe(400);
  expect((await bench.ask(hold.POST, { body: {} })).status).toBe(400);
  expect((await bench.ask(hold.GET, { query: "?limit=0" })).status).toBe(400);
  for (const route of [hold.GET, hold.POST]) {
    const sent = route === hold.POST ? { body } : {};
    expect((await bench.ask(route, { ...sent, as: bench.tenantKey })).status).toBe(403);
    expect((await bench.ask(route, { ...sent, ref: "another" })).status).toBe(404);
  }
  expect((await bench.ask(hold.GET)).answer.hold).toMatchObject({ runId: "r1" });
});
