import { listHeldKeys } from "@/lib/holds/list-held-keys";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { queryOf } from "@/lib/http/wire/request-run";
import {
  heldKeysQuery,
  heldKeysToWire,
  settledHoldToWire,
  settleHoldBody,
} from "@/lib/http/wire/settle-hold";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { settleHold } from "@/lib/use-cases/settle-hold";

/** Removals that wait for a decision, with a page of their keys. An addition to the API. */
export const GET = apiDoor<{ ref: string }>(async ({ actor, request, params, read }) => {
  const page = parseInput(heldKeysQuery, queryOf(request));
  const input = { connectionId: params.ref, ...page };
  return Response.json(heldKeysToWire(await read((tx) => listHeldKeys({ actor, tx, input }))));
});

/** Applies or dismisses removals on hold; 202 when a run removes them. An addition to the API. */
export const POST = apiDoor<{ ref: string }>(async ({ actor, request, params, read, write, now }) => {
  const decided = parseInput(settleHoldBody, await readJsonBody(request));
  const settled = await settleHold({
    actor,
    read,
    write,
    now,
    input: { connectionId: params.ref, ...decided },
  });
  const id = settled.run?.runId;
  const run = id === undefined ? null : await read((tx) => getSyncRun({ actor, tx, input: { id } }));
  return Response.json(settledHoldToWire(settled, run), { status: run === null ? 200 : 202 });
});

export const OPTIONS = preflight;
