import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Installation } from "@/lib/http/installation";
import { type ApiBench, type Asked, NOW, openApiBench } from "../testing/api-bench";
import * as externalId from "./[ref]/external-id/route";
import * as failures from "./[ref]/failures/route";
import * as pause from "./[ref]/pause/route";
import * as resume from "./[ref]/resume/route";
import * as connection from "./[ref]/route";
import * as cancel from "./[ref]/sync-runs/[runId]/cancel/route";
import * as changes from "./[ref]/sync-runs/[runId]/changes/route";
import * as runFailures from "./[ref]/sync-runs/[runId]/failures/route";
import * as run from "./[ref]/sync-runs/[runId]/route";
import * as runs from "./[ref]/sync-runs/route";

let bench: ApiBench;
let installation: Installation;
let id: string;
let tenantKey: string;
let ask: ApiBench["ask"];

beforeEach(async () => {
  bench = await openApiBench();
  ({ installation, connectionId: id, tenantKey, ask } = bench);
});
afterEach(() => bench.remove());

const moveRun = (runId: string, data: object) =>
  installation.database.transaction((tx) => tx.prisma.syncRun.update({ where: { id: runId }, data }));

describe("the verbs of a connection over the API", () => {
  test("a sync is asked for, looked at and canceled; over, it cannot be canceled again", async () => {
    const asked = await ask(runs.POST, { body: {} });
    expect(asked).toMatchObject({ status: 202, answer: { outcome: "queued", run: { kind: "sync" } } });
    const runId = asked.answer.run.id;
    expect(await ask(run.GET, { runId })).toMatchObject({
      status: 200,
      answer: { id: runId, status: "running", state: "queued", bytesListed: 0, stageMs: {}, planRunId: null },
    });
    expect(await ask(cancel.POST, { runId })).toMatchObject({ status: 200, answer: { state: "canceled" } });
    expect(await ask(cancel.POST, { runId })).toMatchObject({ status: 409 });
  });

  test("a plan is asked for, read with its lines, and applied", async () => {
    const { answer } = await ask(runs.POST, { body: { kind: "plan" } });
    const runId = answer.run.id;
    expect(await ask(run.GET, { runId })).toMatchObject({
      answer: {
        kind: "plan",
        plan: { isApplicable: false, cost: null, problem: "This plan is not ready yet." },
      },
    });
    await moveRun(runId, { status: "completed", completedAt: BigInt(Date.now()) });
    await installation.database.transaction((tx) =>
      tx.prisma.runChange.create({
        data: { runId, key: "a.txt", kind: "added", at: BigInt(NOW), etag: "e", sizeBytes: 7n },
      }),
    );
    expect(await ask(run.GET, { runId })).toMatchObject({
      answer: {
        itemsProcessed: 0,
        plan: { isApplicable: true, cost: { bytesToRead: 7, requests: { get: 1 } } },
      },
    });
    expect(await ask(changes.GET, { runId, query: "?kind=added" })).toMatchObject({
      answer: { changes: [{ key: "a.txt", kind: "added", etag: "e", sizeBytes: 7 }], nextAfterKey: null },
    });
    const applied = await ask(runs.POST, { body: { kind: "apply", planRunId: runId } });
    expect(applied).toMatchObject({ status: 202, answer: { run: { kind: "apply", planRunId: runId } } });
    expect(await ask(runs.POST, { body: { kind: "apply", planRunId: runId } })).toMatchObject({
      status: 409,
    });
  });

  test("failures are listed and tried again; keys that did not fail are named", async () => {
    await installation.database.transaction((tx) =>
      tx.prisma.sourceObject.create({
        data: {
          connectionId: id,
          key: "a.pdf",
          listedEtag: "e",
          sizeBytes: 5n,
          lastModified: 1n,
          storageClass: "STANDARD",
          outcome: "failed",
          reason: "extract_timeout",
          stage: "extract",
          message: "It took too long.",
          attempts: 2,
          nextTryAt: BigInt(NOW),
        },
      }),
    );
    expect(await ask(failures.GET, { query: "?limit=10" })).toMatchObject({
      status: 200,
      answer: {
        failures: [{ key: "a.pdf", class: "timeout", nextTryAt: new Date(NOW).toISOString(), attempt: 2 }],
        nextAfterKey: null,
      },
    });
    expect(await ask(runs.POST, { body: { kind: "retry", keys: ["a.pdf", "b"] } })).toMatchObject({
      status: 202,
      answer: { outcome: "queued", retried: 1, unknownKeys: ["b"], run: { kind: "retry" } },
    });
    expect(await ask(runs.POST, { body: { kind: "retry", keys: ["b"] } })).toMatchObject({
      status: 200,
      answer: { outcome: "nothing_to_do", run: null, retried: 0, unknownKeys: ["b"] },
    });
  });

  test("a connection is paused, refuses a sync with what to do, and is resumed", async () => {
    expect(await ask(pause.POST)).toMatchObject({
      status: 200,
      answer: { id, pausedAt: expect.any(String) },
    });
    expect(await ask(runs.POST, { body: { kind: "sync" } })).toMatchObject({
      status: 409,
      answer: { error: expect.stringContaining("/resume") },
    });
    const resumed = await ask(resume.POST);
    expect(resumed.status).toBe(200);
    expect(resumed.answer).not.toHaveProperty("pausedAt");
    expect(await ask(runs.POST)).toMatchObject({ status: 202 });
  });

  test("a connection is changed, and shows what is not the usual", async () => {
    const body = {
      containerTags: ["b"],
      metadata: { excludeGlobs: ["drafts/", "*.tmp"], scheduleIntervalMinutes: 30 },
    };
    expect(await ask(connection.PATCH, { body })).toMatchObject({
      status: 200,
      answer: {
        containerTags: ["b"],
        metadata: { excludeGlobs: "drafts/\n*.tmp", scheduleIntervalMinutes: 30, syncInProgress: true },
      },
    });
    expect(await ask(connection.PATCH, { body: { metadata: { excludeGlobs: ["[a"] } } })).toMatchObject({
      status: 400,
      answer: { details: expect.stringContaining("metadata.excludeGlobs") },
    });
  });

  test("the external id is there before a connection is, and stays", async () => {
    const first = await ask(externalId.GET, { ref: "s3" });
    expect(first).toMatchObject({ status: 200, answer: { externalId: expect.stringMatching(/^\w{22}$/) } });
    expect(await ask(externalId.GET, { ref: "s3" })).toEqual(first);
  });

  test("a key that is confined to tags may do none of it", async () => {
    const { answer } = await ask(runs.POST, { body: {} });
    const asked: Asked = { as: tenantKey, runId: answer.run.id, body: {} };
    for (const route of [runs.POST, pause.POST, resume.POST, connection.PATCH, failures.GET]) {
      expect((await ask(route, asked)).status).toBe(403);
    }
    for (const route of [run.GET, cancel.POST, changes.GET, runFailures.GET]) {
      expect((await ask(route, asked)).status).toBe(403);
    }
    expect((await ask(externalId.GET, { ...asked, ref: "s3" })).status).toBe(403);
  });

  test("a run is found under its own connection alone, and a connection that is none is not found", async () => {
    const { answer } = await ask(runs.POST, { body: {} });
    const asked: Asked = { runId: answer.run.id, ref: "another" };
    for (const route of [run.GET, cancel.POST, changes.GET, runFailures.GET]) {
      expect((await ask(route, asked)).status).toBe(404);
    }
    for (const route of [runs.POST, pause.POST, resume.POST, failures.GET, connection.PATCH]) {
      expect((await ask(route, { ...asked, body: {} })).status).toBe(404);
    }
  });
});
