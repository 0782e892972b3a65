import { z } from "zod";
import { KEY_BYTES_MAX } from "@/lib/core/limits";
import { consoleDoor } from "@/lib/http/console-door";
import { parseInput } from "@/lib/http/parse-input";
import { queryOf } from "@/lib/http/wire/request-run";
import { SKIP_REASONS } from "@/lib/rules/tally";
import { listObjects } from "@/lib/sync-runs/list-objects";
import { OBJECT_OUTCOMES } from "@/lib/sync-runs/schema";

const query = z.object({
  outcome: z.enum(OBJECT_OUTCOMES).default("stored"),
  reason: z.enum(SKIP_REASONS).nullable().default(null),
  afterKey: z.string().max(KEY_BYTES_MAX).default(""),
});

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params, request }) => {
  const input = { connectionId: params.id, ...parseInput(query, queryOf(request)) };
  return Response.json(await read((tx) => listObjects({ actor, tx, input })));
});
