import { z } from "zod";
import { containerTag } from "@/lib/connections/schema";
import { QUERY_CHARS_MAX } from "@/lib/core/limits";
import { consoleDoor } from "@/lib/http/console-door";
import { parseInput } from "@/lib/http/parse-input";
import { search } from "@/lib/search/search";

const RESULTS_MAX = 20;

const query = z.object({ q: z.string().min(1).max(QUERY_CHARS_MAX), tag: containerTag.optional() });

export const GET = consoleDoor(async ({ actor, read, request }) => {
  const { q, tag } = parseInput(query, Object.fromEntries(new URL(request.url).searchParams));
  const input = {
    q,
    containerTags: tag === undefined ? [] : [tag],
    limit: RESULTS_MAX,
    documentId: null,
    filter: null,
    chunkThreshold: 0,
    documentThreshold: 0,
    withContent: false,
  };
  const startedAt = performance.now();
  const results = await read((tx) => search({ actor, tx, input }));
  return Response.json({ results, timingMs: performance.now() - startedAt });
});
