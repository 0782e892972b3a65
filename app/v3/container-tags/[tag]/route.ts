import { apiDoor, preflight } from "@/lib/http/api-door";
import { lastSegment } from "@/lib/http/wire/segment";
import { deleteContainerTag } from "@/lib/use-cases/delete-documents";

/** Deletes all documents of a container tag. */
export const DELETE = apiDoor(async ({ actor, request, read, write, now }) => {
  const containerTag = lastSegment(request);
  const deletedDocumentsCount = await deleteContainerTag({
    actor,
    read,
    write,
    now,
    input: { containerTag },
  });
  return Response.json({ success: true, containerTag, deletedDocumentsCount, deletedMemoriesCount: 0 });
});

export const OPTIONS = preflight;
