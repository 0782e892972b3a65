import { consoleDoor } from "@/lib/http/console-door";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params }) =>
  Response.json(await read((tx) => getSyncRun({ actor, tx, input: { id: params.id } }))),
);
