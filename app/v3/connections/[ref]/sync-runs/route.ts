import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { grantedToWire, requestRunBody } from "@/lib/http/wire/request-run";
import { runToWire } from "@/lib/http/wire/sync-run";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { listSyncRuns } from "@/lib/sync-runs/list-sync-runs";
import { requestRun } from "@/lib/use-cases/request-run";

type Params = { ref: string };

/** The newest runs of a connection, newest first. */
export const GET = apiDoor<Params>(async ({ actor, params, read }) => {
  const runs = await read((tx) => listSyncRuns({ actor, tx, input: { connectionId: params.ref } }));
  return Response.json(runs.map(runToWire));
});

/** Asks for a run: a sync, a re-read, a plan, its application, or a retry of what failed. An addition to the API. */
export const POST = apiDoor<Params>(async ({ actor, request, params, read, write, now }) => {
  const wish = parseInput(requestRunBody, await readJsonBody(request));
  const granted = await requestRun({ actor, write, now, input: { connectionId: params.ref, wish } });
  const id = granted.run?.runId;
  const run = id === undefined ? null : await read((tx) => getSyncRun({ actor, tx, input: { id } }));
  return Response.json(grantedToWire(granted, run), { status: run === null ? 200 : 202 });
});

export const OPTIONS = preflight;
