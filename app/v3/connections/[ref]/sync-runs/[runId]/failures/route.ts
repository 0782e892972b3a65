import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { failuresQuery, queryOf } from "@/lib/http/wire/request-run";
import { failuresToWire } from "@/lib/http/wire/sync-run";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { listRunFailures } from "@/lib/sync-runs/list-failures";

/** What failed in one run, as it was then. An addition to the API. */
export const GET = apiDoor<{ ref: string; runId: string }>(async ({ actor, request, params, read }) => {
  const page = parseInput(failuresQuery, queryOf(request));
  const failures = await read(async (tx) => {
    const run = await getSyncRun({ actor, tx, input: { id: params.runId, connectionId: params.ref } });
    return listRunFailures({ actor, tx, input: { runId: run.id, ...page } });
  });
  return Response.json(failuresToWire(failures));
});

export const OPTIONS = preflight;
