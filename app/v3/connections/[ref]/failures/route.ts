import { getConnection } from "@/lib/connections/get-connection";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { failuresQuery, queryOf } from "@/lib/http/wire/request-run";
import { failuresToWire } from "@/lib/http/wire/sync-run";
import { listConnectionFailures } from "@/lib/sync-runs/list-failures";

/** What of a connection is failed now, whichever run met it. An addition to the API. */
export const GET = apiDoor<{ ref: string }>(async ({ actor, request, params, read }) => {
  const page = parseInput(failuresQuery, queryOf(request));
  const failures = await read(async (tx) => {
    const { id } = await getConnection({ actor, tx, input: { id: params.ref } });
    return listConnectionFailures({ actor, tx, input: { connectionId: id, ...page } });
  });
  return Response.json(failuresToWire(failures));
});

export const OPTIONS = preflight;
