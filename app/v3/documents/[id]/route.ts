import { getDocument } from "@/lib/documents/get-document";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { documentWithTextToWire } from "@/lib/http/wire/document";
import { decodeSegment } from "@/lib/http/wire/segment";

/** A document by its id or its custom id, whose slashes arrive percent-encoded. */
export const GET = apiDoor<{ id: string }>(async ({ actor, params, read }) => {
  const reference = decodeSegment(params.id);
  return Response.json(
    documentWithTextToWire(await read((tx) => getDocument({ actor, tx, input: { reference } }))),
  );
});

export const OPTIONS = preflight;
