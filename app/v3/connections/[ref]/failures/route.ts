import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { failuresQuery, queryOf } from "@/lib/http/wire/request-run";
import { failuresToWire } from "@/lib/http/wire/sync-run";
import { listConnectionFailures } from "@/lib/sync-runs/list-failures";

/** What of a connection is failed now, whichever run met it. An addition to the API. */
export const GET = apiDoor<{ ref: string }>(async ({ actor, request, params, read }) => {
  const input = { connectionId: params.ref, ...parseInput(failuresQuery, queryOf(request)) };
  return Response.json(failuresToWire(await read((tx) => listConnectionFailures({ actor, tx, input }))));
});

export const OPTIONS = preflight;
