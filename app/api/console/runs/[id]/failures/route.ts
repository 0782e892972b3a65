import { consoleDoor } from "@/lib/http/console-door";
import { parseInput } from "@/lib/http/parse-input";
import { failuresQuery, queryOf } from "@/lib/http/wire/request-run";
import { listRunFailures } from "@/lib/sync-runs/list-failures";

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params, request }) => {
  const input = { runId: params.id, ...parseInput(failuresQuery, queryOf(request)) };
  return Response.json(await read((tx) => listRunFailures({ actor, tx, input })));
});
