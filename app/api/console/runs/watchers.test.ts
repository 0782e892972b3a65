import { afterEach, expect, test } from "vitest";
import { temporaryAdministrator } from "@/lib/auth/testing/temporary-administrator";
import { createConnection } from "@/lib/connections/create-connection";
import { connectBucketInput } from "@/lib/connections/schema";
import { sessionCookieName } from "@/lib/http/session-cookie";
import { temporaryInstallation } from "@/lib/http/testing/temporary-installation";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { GET } from "./[id]/route";

const { installation, remove } = temporaryInstallation();
afterEach(() => remove());

/** A run that waits; resolves with its id. */
async function queueRun(): Promise<string> {
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret" };
  const input = connectBucketInput.parse({ bucket: "docs", region: "us-east-1", credentials });
  const columns = { addressingStyle: "path", sealedCredentials: "sealed", nextRunAt: null } as const;
  const actor = { kind: "system", name: "start" } as const;
  return installation.database.transaction(async (tx) => {
    const { id } = await createConnection({ actor, tx, now: 1, input: { ...input, ...columns } });
    const asked = { connectionId: id, trigger: "manual", requestedBy: "test" } as const;
    const queued = await enqueueRun({ tx, now: 1, input: asked });
    return "runId" in queued ? queued.runId : "";
  });
}

test("a run is read once for all who watch it, and only for those who are signed in", async () => {
  const id = await queueRun();
  const { token } = await temporaryAdministrator(installation.database, Date.now());
  const watch = (cookie: string) => {
    const request = new Request(`http://sluice.test/api/console/runs/${id}`, { headers: { cookie } });
    return GET(request, { params: Promise.resolve({ id }) });
  };
  const cookie = `${sessionCookieName("http://sluice.test")}=${token}`;
  const { reading } = installation.database;
  let readings = 0;
  installation.database.reading = (work) => {
    readings += 1;
    return reading(work);
  };
  const watchers = 20;
  const answers = await Promise.all(Array.from({ length: watchers }, () => watch(cookie)));
  // Each of them was let in by a reading of its own.
  expect(readings).toBe(watchers + 1);
  for (const answer of answers) expect(await answer.json()).toMatchObject({ id, status: "queued" });
  expect((await watch("sluice_session=wrong")).status).toBe(401);
});
