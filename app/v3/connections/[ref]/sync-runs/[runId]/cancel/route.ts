import { apiDoor, preflight } from "@/lib/http/api-door";
import { runToWire } from "@/lib/http/wire/sync-run";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { cancelSyncRun } from "@/lib/use-cases/cancel-sync-run";

/** Ends a run and keeps what it has done; the answer is the run as it then is. An addition to the API. */
export const POST = apiDoor<{ ref: string; runId: string }>(async ({ actor, params, read, write, now }) => {
  const input = { id: params.runId, connectionId: params.ref };
  await write((tx) => cancelSyncRun({ actor, tx, input, now }));
  return Response.json(runToWire(await read((tx) => getSyncRun({ actor, tx, input }))));
});

export const OPTIONS = preflight;
