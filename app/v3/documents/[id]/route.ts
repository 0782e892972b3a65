import { getDocument } from "@/lib/documents/get-document";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { documentWithTextToWire } from "@/lib/http/wire/document";
import { lastSegment } from "@/lib/http/wire/segment";
import { deleteDocument } from "@/lib/use-cases/delete-documents";

/** A document by its id or its custom id, whose slashes arrive percent-encoded. */
export const GET = apiDoor(async ({ actor, request, read }) => {
  const reference = lastSegment(request);
  return Response.json(
    documentWithTextToWire(await read((tx) => getDocument({ actor, tx, input: { reference } }))),
  );
});

/** Deletes it, for everybody and from this moment. */
export const DELETE = apiDoor(async ({ actor, request, write, now }) => {
  const reference = lastSegment(request);
  await write((tx) => deleteDocument({ actor, tx, now, input: { reference } }));
  return new Response(null, { status: 204 });
});

export const OPTIONS = preflight;
