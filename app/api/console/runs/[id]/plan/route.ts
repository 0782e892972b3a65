import { consoleDoor } from "@/lib/http/console-door";
import { getPlan } from "@/lib/sync-runs/get-plan";

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params, now }) =>
  Response.json(await read((tx) => getPlan({ actor, tx, now, input: { runId: params.id } }))),
);
