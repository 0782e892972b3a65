import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { deleteBulkBody, deletedNamedToWire } from "@/lib/http/wire/delete-documents";
import { deleteNamed, deleteTagged } from "@/lib/use-cases/delete-documents";

/** Deletes documents by their ids, or those that have all of the container tags. */
export const DELETE = apiDoor(async ({ actor, request, read, write, now }) => {
  const { ids, containerTags } = parseInput(deleteBulkBody, await readJsonBody(request));
  if (ids.length > 0) {
    const deleted = await deleteNamed({ actor, read, write, now, input: { references: ids } });
    return Response.json(deletedNamedToWire(deleted));
  }
  const deletedCount = await deleteTagged({ actor, read, write, now, input: { containerTags } });
  return Response.json({ success: true, deletedCount, containerTags });
});

export const OPTIONS = preflight;
