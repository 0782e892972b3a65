import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { changesQuery, queryOf } from "@/lib/http/wire/request-run";
import { changesToWire } from "@/lib/http/wire/sync-run";
import { listRunChanges } from "@/lib/sync-runs/list-run-changes";

/** What a run did to each key, or what a plan would do, in key order. An addition to the API. */
export const GET = apiDoor<{ ref: string; runId: string }>(async ({ actor, request, params, read }) => {
  const { runId, ref: connectionId } = params;
  const input = { runId, connectionId, ...parseInput(changesQuery, queryOf(request)) };
  return Response.json(changesToWire(await read((tx) => listRunChanges({ actor, tx, input }))));
});

export const OPTIONS = preflight;
