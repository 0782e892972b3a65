import { z } from "zod";
import { invalidInput } from "@/lib/core/errors";
import { wireTags } from "./container-tags";

export const deleteByTagsBody = z.object({
  containerTags: wireTags.pipe(z.array(z.string()).min(1, "must name at least one container tag")),
});

/** `?deleteDocuments=`: true unless it is sent. Anything but true and false is refused, since documents hang on it. */
export function readDeleteDocuments(query: URLSearchParams): boolean {
  const sent = query.get("deleteDocuments")?.toLowerCase();
  if (sent === undefined || sent === "" || sent === "true") return true;
  if (sent === "false") return false;
  throw invalidInput("deleteDocuments", "must be true or false");
}
