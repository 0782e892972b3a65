import { z } from "zod";
import { containerTag } from "@/lib/connections/schema";
import { CONTAINER_TAGS_MAX } from "@/lib/core/limits";

/** A list of tags, also written as one text with commas, as some of the API's descriptions have it. */
export const wireTags = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(",").map((tag) => tag.trim()))])
  .pipe(z.array(containerTag).max(CONTAINER_TAGS_MAX));

/** `containerTag` is the newer, `containerTags` the older name: both are read, the singular one first. */
export const wireTagFields = z.object({
  containerTag: containerTag.nullish(),
  containerTags: wireTags.nullish(),
});

export function tagsFrom(fields: z.output<typeof wireTagFields>): string[] {
  const singular = fields.containerTag ? [fields.containerTag] : [];
  return [...new Set([...singular, ...(fields.containerTags ?? [])])];
}
