import { consoleDoor } from "@/lib/http/console-door";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";

/** However many watch a run, its row is read once for all of them. */
export const GET = consoleDoor<{ id: string }>(({ actor, read, params: { id }, installation }) =>
  installation.shared.json(`run ${id}`, () => read((tx) => getSyncRun({ actor, tx, input: { id } }))),
);
