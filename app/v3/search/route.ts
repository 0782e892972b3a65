import { resolveDocument } from "@/lib/documents/get-document";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { searchBody, searchResultToWire } from "@/lib/http/wire/search";
import { search } from "@/lib/search/search";

export const POST = apiDoor(async ({ actor, request, read }) => {
  const startedAt = performance.now();
  const { docId, withContent, withSummary, input } = parseInput(searchBody, await readJsonBody(request));
  const results = await read(async (tx) => {
    const documentId =
      docId === null ? null : await resolveDocument({ actor, tx, input: { reference: docId } });
    return search({ actor, tx, input: { ...input, documentId, withContent } });
  });
  const timing = Math.round(performance.now() - startedAt);
  const shown = { withContent, withSummary };
  return Response.json({
    results: results.map((result) => searchResultToWire(result, shown)),
    timing,
    total: results.length,
  });
});

export const OPTIONS = preflight;
