import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { changesQuery, queryOf } from "@/lib/http/wire/request-run";
import { changesToWire } from "@/lib/http/wire/sync-run";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { listRunChanges } from "@/lib/sync-runs/list-run-changes";

/** What a run did to each key, or what a plan would do, in key order. An addition to the API. */
export const GET = apiDoor<{ ref: string; runId: string }>(async ({ actor, request, params, read }) => {
  const { kind, afterKey } = parseInput(changesQuery, queryOf(request));
  const changes = await read(async (tx) => {
    const run = await getSyncRun({ actor, tx, input: { id: params.runId, connectionId: params.ref } });
    return listRunChanges({ actor, tx, input: { runId: run.id, kind, afterKey } });
  });
  return Response.json(changesToWire(changes));
});

export const OPTIONS = preflight;
