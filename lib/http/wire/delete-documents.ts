import { z } from "zod";
import { DOCUMENTS_NAMED_MAX } from "@/lib/core/limits";
import type { DeletedDocuments } from "@/lib/documents/delete-documents";
import { tagsFrom, wireTagFields } from "./container-tags";

/** The body of `DELETE /v3/documents/bulk`: what is deleted, by name or by what the documents have in common. */
export const deleteBulkBody = wireTagFields
  .extend({
    ids: z.array(z.string().min(1).max(2_048)).min(1).max(DOCUMENTS_NAMED_MAX).nullish(),
    // Left out of sight, it would let more be deleted than was meant.
    filepath: z.null({ error: "is not supported here; name ids or containerTags" }).optional(),
  })
  .transform((body) => ({ ids: body.ids ?? [], containerTags: tagsFrom(body) }))
  .refine(({ ids, containerTags }) => (ids.length === 0) !== (containerTags.length === 0), {
    path: ["ids"],
    message: "either 'ids' or 'containerTags' must be provided",
  });

/** `success` is false when anything that was named is still there or never was. */
export function deletedNamedToWire({ count, refused }: DeletedDocuments) {
  return {
    success: refused.length === 0,
    deletedCount: count,
    ...(refused.length === 0
      ? {}
      : { errors: refused.map(({ reference, message }) => ({ id: reference, error: message })) }),
  };
}
