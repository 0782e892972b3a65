import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { passagesBody, passagesToWire } from "@/lib/http/wire/search";
import { search } from "@/lib/search/search";

export const POST = apiDoor(async ({ actor, request, read }) => {
  const startedAt = performance.now();
  const { input, ...shown } = parseInput(passagesBody, await readJsonBody(request));
  const found = await read((tx) =>
    search({ actor, tx, input: { ...input, documentId: null, withContent: false, chunksMax: input.limit } }),
  );
  const results = passagesToWire(found, shown);
  return Response.json({ results, timing: Math.round(performance.now() - startedAt), total: results.length });
});

export const OPTIONS = preflight;
