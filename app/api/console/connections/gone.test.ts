import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApiBench } from "@/app/v3/testing/api-bench";
import { temporaryAdministrator } from "@/lib/auth/testing/temporary-administrator";
import { markDisconnected } from "@/lib/connections/mark-disconnected";
import type { Actor } from "@/lib/core/actor";
import type { Route } from "@/lib/http/door-call";
import { sessionCookieName } from "@/lib/http/session-cookie";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";

type AnyRoute = Route<Record<string, string>>;

const START: Actor = { kind: "system", name: "start" };
const APP = path.resolve("app");
const METHODS = ["GET", "POST", "PATCH", "DELETE"] as const;

/** Their address names a provider and no connection, or that as well: what is no provider is refused as such. */
const BY_PROVIDER = new Set([
  "POST v3/connections/[ref]",
  "POST v3/connections/[ref]/connection",
  "POST v3/connections/[ref]/documents",
  "GET v3/connections/[ref]/external-id",
  "POST v3/connections/[ref]/import",
  "POST v3/connections/[ref]/sync",
]);

/** What a route has to be sent before it looks for its connection. */
const BODIES: Record<string, object> = { "POST v3/connections/[ref]/hold": { decision: "dismiss" } };

const FOLDERS = ["api/console/connections/[id]", "api/console/runs/[id]", "v3/connections/[ref]"];
const ROUTES: { name: string; route: AnyRoute }[] = [];
for (const folder of FOLDERS) {
  for (const file of readdirSync(path.join(APP, folder), { recursive: true, encoding: "utf8" }).sort()) {
    if (path.basename(file) !== "route.ts") continue;
    const place = path.join(folder, path.dirname(file));
    const module: Partial<Record<string, AnyRoute>> = await import(path.join(APP, folder, file));
    for (const method of METHODS) {
      const route = module[method];
      const name = `${method} ${place}`;
      if (route !== undefined && !BY_PROVIDER.has(name)) ROUTES.push({ name, route });
    }
  }
}

let bench: Awaited<ReturnType<typeof openApiBench>>;
let runId: string;
let cookie: string;

/** A connection with a run, a failure and a change, marked as deleted; nobody has taken its rows. */
beforeAll(async () => {
  bench = await openApiBench();
  const { connectionId } = bench;
  const { database } = bench.installation;
  const asked = { connectionId, kind: "plan", trigger: "manual", requestedBy: "test" } as const;
  const queued = await database.transaction((tx) => enqueueRun({ tx, now: 1, input: asked }));
  runId = "runId" in queued ? queued.runId : "";
  await database.transaction(async (tx) => {
    await tx.prisma.runChange.create({ data: { runId, key: "a.txt", kind: "failed", at: 1n } });
    const input = { id: connectionId, deleteDocuments: true };
    await markDisconnected({ actor: START, tx, now: 1, input });
  });
  const { token } = await temporaryAdministrator(database, Date.now());
  cookie = `${sessionCookieName("http://sluice.test")}=${token}`;
});
afterAll(() => bench.remove());

async function statusOf({ name, route }: (typeof ROUTES)[number], id: string, run: string): Promise<number> {
  const [method = "", place = ""] = name.split(" ");
  const isConsole = place.startsWith("api/console/");
  if (!isConsole) return (await bench.ask(route, { ref: id, runId: run, body: BODIES[name] ?? {} })).status;
  const request = new Request(`http://sluice.test/${place}`, { method, headers: { cookie } });
  const own = place.startsWith("api/console/runs/") ? run : id;
  return (await route(request, { params: Promise.resolve({ id: own }) })).status;
}

describe("a connection that is marked as deleted, and one that never was, are not found", () => {
  test("on every route that there is", () => {
    expect(ROUTES.filter(({ name }) => name.includes("api/console/")).length).toBeGreaterThanOrEqual(7);
    expect(ROUTES.filter(({ name }) => name.includes("v3/")).length).toBeGreaterThanOrEqual(14);
  });

  test.each(ROUTES)("by $name", async (asked) => {
    expect(await statusOf(asked, bench.connectionId, runId)).toBe(404);
    expect(await statusOf(asked, "never", "never")).toBe(404);
  });
});
