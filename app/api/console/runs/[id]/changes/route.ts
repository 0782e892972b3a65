import { z } from "zod";
import { KEY_BYTES_MAX } from "@/lib/core/limits";
import { consoleDoor } from "@/lib/http/console-door";
import { parseInput } from "@/lib/http/parse-input";
import { listRunChanges } from "@/lib/sync-runs/list-run-changes";
import { CHANGE_KINDS } from "@/lib/sync-runs/schema";

const query = z.object({
  kind: z.enum(CHANGE_KINDS).nullable().default(null),
  after: z.string().max(KEY_BYTES_MAX).default(""),
});

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params, request }) => {
  const { kind, after } = parseInput(query, Object.fromEntries(new URL(request.url).searchParams));
  const input = { runId: params.id, kind, afterKey: after };
  return Response.json(await read((tx) => listRunChanges({ actor, tx, input })));
});
