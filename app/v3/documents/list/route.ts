import { listDocuments, listDocumentsWithText } from "@/lib/documents/list-documents";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { documentToWire, listBody, listedWithText } from "@/lib/http/wire/document";

export const POST = apiDoor(async ({ actor, request, read }) => {
  const { input, withContent } = parseInput(listBody, await readJsonBody(request));
  const found = await read(async (tx) => {
    if (!withContent) {
      const page = await listDocuments({ actor, tx, input });
      return { ...page, memories: page.documents.map(documentToWire) };
    }
    const page = await listDocumentsWithText({ actor, tx, input });
    return {
      ...page,
      memories: page.documents.map(listedWithText),
    };
  });
  const { memories, page: currentPage, limit, totalItems } = found;
  const totalPages = Math.ceil(totalItems / limit);
  return Response.json({ memories, pagination: { currentPage, limit, totalItems, totalPages } });
});

export const OPTIONS = preflight;
