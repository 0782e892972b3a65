import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { ApiKeyView } from "./schema";

/** What `createdBy` says of the key in SLUICE_API_KEY. No person's email reads so. */
export const ENVIRONMENT = "environment";

const KEY_BYTES = 32;
const KEY_START = "sm_";
/** Enough to tell keys apart, and nothing worth guessing on from. */
const SHOWN_CHARS = 8;

/** `sm_` as the SDKs' own keys begin, and 43 characters of base64url. */
export function newApiKey(): string {
  return KEY_START + randomBytes(KEY_BYTES).toString("base64url");
}

/** A key is 256 random bits: one round of SHA-256 keeps it secret, and it can be looked up by its hash. */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("hex");
}

export function shownPrefix(key: string): string {
  return key.slice(0, SHOWN_CHARS);
}

const storedTags = z.array(z.string()).min(1);

/** Throws when the column is neither null nor a list of tags: a key's bounds are never guessed. */
export function readTags(column: string | null): string[] | null {
  return column === null ? null : storedTags.parse(JSON.parse(column));
}

export type ApiKeyRow = {
  id: string;
  name: string;
  prefix: string;
  tags: string | null;
  createdBy: string;
  createdAt: bigint;
  lastUsedAt: bigint | null;
  revokedAt: bigint | null;
};

export function viewOf(row: ApiKeyRow): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    tags: readTags(row.tags),
    createdBy: row.createdBy,
    createdAt: Number(row.createdAt),
    lastUsedAt: row.lastUsedAt === null ? null : Number(row.lastUsedAt),
    revokedAt: row.revokedAt === null ? null : Number(row.revokedAt),
    isFromEnvironment: row.createdBy === ENVIRONMENT,
  };
}
