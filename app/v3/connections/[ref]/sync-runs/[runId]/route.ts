import { apiDoor, preflight } from "@/lib/http/api-door";
import { planToWire, runToWire } from "@/lib/http/wire/sync-run";
import { getPlan } from "@/lib/sync-runs/get-plan";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";

/** One run; a plan comes with what it found and whether it may still be applied. An addition to the API. */
export const GET = apiDoor<{ ref: string; runId: string }>(async ({ actor, params, read, now }) => {
  const input = { id: params.runId, connectionId: params.ref };
  const run = await read((tx) => getSyncRun({ actor, tx, input }));
  if (run.kind !== "plan") return Response.json(runToWire(run));
  return Response.json(planToWire(await read((tx) => getPlan({ actor, tx, now, input: { runId: run.id } }))));
});

export const OPTIONS = preflight;
