import { consoleDoor } from "@/lib/http/console-door";
import { listSyncRuns } from "@/lib/sync-runs/list-sync-runs";

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params }) =>
  Response.json(await read((tx) => listSyncRuns({ actor, tx, input: { connectionId: params.id } }))),
);
