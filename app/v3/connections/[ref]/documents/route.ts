import { DOCUMENT_LIMIT_MAX } from "@/lib/core/limits";
import { listDocuments } from "@/lib/documents/list-documents";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { tagsFrom, wireTagFields } from "@/lib/http/wire/container-tags";
import { demandS3 } from "@/lib/http/wire/create-connection";
import { connectionDocumentToWire } from "@/lib/http/wire/document";

/** All documents that connections of this provider brought; the API has no pages here. */
export const POST = apiDoor<{ ref: string }>(async ({ actor, request, params, read }) => {
  demandS3(params.ref);
  const containerTags = tagsFrom(parseInput(wireTagFields, await readJsonBody(request)));
  const input = { containerTags, isConnectedOnly: true, page: 1, limit: DOCUMENT_LIMIT_MAX };
  const { documents } = await read((tx) => listDocuments({ actor, tx, input }));
  return Response.json(documents.map(connectionDocumentToWire));
});

export const OPTIONS = preflight;
