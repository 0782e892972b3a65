import { invalidInput } from "@/lib/core/errors";
import { tagsFrom, wireTagFields } from "./container-tags";

export const deleteByTagsBody = wireTagFields
  .transform((fields) => ({ containerTags: tagsFrom(fields) }))
  .refine(({ containerTags }) => containerTags.length > 0, {
    path: ["containerTags"],
    message: "must name at least one container tag",
  });

/** `?deleteDocuments=`: true unless it is sent. Anything but true and false is refused, since documents hang on it. */
export function readDeleteDocuments(query: URLSearchParams): boolean {
  const sent = query.get("deleteDocuments")?.toLowerCase();
  if (sent === undefined || sent === "" || sent === "true") return true;
  if (sent === "false") return false;
  throw invalidInput("deleteDocuments", "must be true or false");
}
