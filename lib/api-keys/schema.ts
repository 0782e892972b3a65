import { z } from "zod";
import { CONTAINER_TAGS_MAX } from "@/lib/core/limits";
import { isContainerTag } from "@/lib/rules/container-tag";

export const API_KEY_NAME_CHARS_MAX = 100;

const tag = z
  .string()
  .refine(isContainerTag, "must be 1 to 100 letters, digits, underscores, hyphens or colons");

export const createApiKeyInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, "is required")
    .max(API_KEY_NAME_CHARS_MAX, `must have at most ${API_KEY_NAME_CHARS_MAX} characters`),
  /** The container tags it is confined to; null: everything. No tag at all would be a key that opens nothing. */
  tags: z
    .array(tag)
    .min(1, "must name a tag, or be left out")
    .max(CONTAINER_TAGS_MAX)
    .nullable()
    .default(null),
});
export type CreateApiKeyInput = z.infer<typeof createApiKeyInput>;

export const revokeApiKeyInput = z.object({ id: z.string().min(1).max(64) });
export type RevokeApiKeyInput = z.infer<typeof revokeApiKeyInput>;

/** A key as the console lists it: never the key itself, nor its hash. Times are epoch ms. */
export type ApiKeyView = {
  id: string;
  name: string;
  prefix: string;
  tags: string[] | null;
  createdBy: string;
  createdAt: number;
  lastUsedAt: number | null;
  revokedAt: number | null;
  /** It stands in SLUICE_API_KEY and goes only with the variable. */
  isFromEnvironment: boolean;
};
