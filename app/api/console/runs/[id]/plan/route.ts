import { consoleDoor } from "@/lib/http/console-door";
import { getPlan } from "@/lib/sync-runs/get-plan";

/** Read once for all who watch it, as every run is. */
export const GET = consoleDoor<{ id: string }>(({ actor, read, params, now, installation }) =>
  installation.shared.json(`plan ${params.id}`, () =>
    read((tx) => getPlan({ actor, tx, now, input: { runId: params.id } })),
  ),
);
