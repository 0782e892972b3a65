import { getConnection } from "@/lib/connections/get-connection";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { runToWire } from "@/lib/http/wire/sync-run";
import { listSyncRuns } from "@/lib/sync-runs/list-sync-runs";

/** The newest runs of a connection, newest first. */
export const GET = apiDoor<{ ref: string }>(async ({ actor, params, read }) => {
  const runs = await read(async (tx) => {
    const { id } = await getConnection({ actor, tx, input: { id: params.ref } });
    return listSyncRuns({ actor, tx, input: { connectionId: id } });
  });
  return Response.json(runs.map(runToWire));
});

export const OPTIONS = preflight;
