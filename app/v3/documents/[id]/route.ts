import { getDocument } from "@/lib/documents/get-document";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { documentWithTextToWire } from "@/lib/http/wire/document";
import { lastSegment } from "@/lib/http/wire/segment";

/** A document by its id or its custom id, whose slashes arrive percent-encoded. */
export const GET = apiDoor(async ({ actor, request, read }) => {
  const reference = lastSegment(request);
  return Response.json(
    documentWithTextToWire(await read((tx) => getDocument({ actor, tx, input: { reference } }))),
  );
});

export const OPTIONS = preflight;
