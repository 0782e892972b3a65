import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { failuresQuery, queryOf } from "@/lib/http/wire/request-run";
import { failuresToWire } from "@/lib/http/wire/sync-run";
import { listRunFailures } from "@/lib/sync-runs/list-failures";

/** What failed in one run, as it was then. An addition to the API. */
export const GET = apiDoor<{ ref: string; runId: string }>(async ({ actor, request, params, read }) => {
  const { runId, ref: connectionId } = params;
  const input = { runId, connectionId, ...parseInput(failuresQuery, queryOf(request)) };
  return Response.json(failuresToWire(await read((tx) => listRunFailures({ actor, tx, input }))));
});

export const OPTIONS = preflight;
