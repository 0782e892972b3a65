import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openApiBench } from "@/app/v3/testing/api-bench";
import { temporaryAdministrator } from "@/lib/auth/testing/temporary-administrator";
import type { Route } from "@/lib/http/door-call";
import { sessionCookieName } from "@/lib/http/session-cookie";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import * as removing from "../../v3/connections/[ref]/route";
import * as connection from "./connections/[id]/route";
import * as runs from "./connections/[id]/runs/route";
import * as connections from "./connections/route";
import * as plan from "./runs/[id]/plan/route";
import * as run from "./runs/[id]/route";

const WATCHERS = 20;

let bench: Awaited<ReturnType<typeof openApiBench>>;
let runId: string;
let cookie: string;

/** A plan that waits, and a person who is signed in. */
beforeEach(async () => {
  // Time stands still, so nothing is read again for its age.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  bench = await openApiBench();
  const { database } = bench.installation;
  const asked = { connectionId: bench.connectionId, trigger: "manual", requestedBy: "test" } as const;
  const queued = await database.transaction((tx) =>
    enqueueRun({ tx, now: 1, input: { ...asked, kind: "plan" } }),
  );
  runId = "runId" in queued ? queued.runId : "";
  const { token } = await temporaryAdministrator(database, Date.now());
  cookie = `${sessionCookieName("http://sluice.test")}=${token}`;
});
afterEach(async () => {
  vi.useRealTimers();
  await bench.remove();
});

const watch = (route: Route<{ id: string }>, id: string, sent = cookie) =>
  route(new Request("http://sluice.test/api/console/", { headers: { cookie: sent } }), {
    params: Promise.resolve({ id }),
  });

/** Counts what is read from now on. */
function countReadings(): () => number {
  const { database } = bench.installation;
  const { reading } = database;
  let count = 0;
  database.reading = (work) => {
    count += 1;
    return reading(work);
  };
  return () => count;
}

test.each<[string, Route<{ id: string }>, () => string]>([
  ["a run", run.GET, () => runId],
  ["a plan", plan.GET, () => runId],
  ["the connections", connections.GET, () => ""],
  ["a connection", connection.GET, () => bench.connectionId],
  ["a connection's runs", runs.GET, () => bench.connectionId],
])("of %s all who watch get one reading, and only those who are signed in", async (_what, route, id) => {
  const countOf = countReadings();
  const answers = await Promise.all(Array.from({ length: WATCHERS }, () => watch(route, id())));
  // Each of them was let in by a reading of its own.
  expect(countOf()).toBe(WATCHERS + 1);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain(id() || bench.connectionId);
  expect((await watch(route, id(), "sluice_session=wrong")).status).toBe(401);
});

test("what somebody changes is seen at once, whoever has just asked", async () => {
  expect((await watch(connection.GET, bench.connectionId)).status).toBe(200);
  expect(await (await watch(connections.GET, "")).json()).toHaveLength(1);
  const removed = await bench.ask(removing.DELETE);
  expect(removed.status).toBe(200);
  expect((await watch(connection.GET, bench.connectionId)).status).toBe(404);
  expect(await (await watch(connections.GET, "")).json()).toEqual([]);
});
