import { consoleDoor } from "@/lib/http/console-door";
import { listSyncRuns } from "@/lib/sync-runs/list-sync-runs";

/** However many watch a connection's runs, they are read once for all of them. */
export const GET = consoleDoor<{ id: string }>(({ actor, read, params: { id }, installation }) =>
  installation.shared.json(`runs of ${id}`, () =>
    read((tx) => listSyncRuns({ actor, tx, input: { connectionId: id } })),
  ),
);
