import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Actor } from "@/lib/core/actor";
import type { Database } from "@/lib/db/database";

/**
 * For verbs that hash a password between a read and a write. Hashing takes 50 ms and more, and nobody may hold the
 * write lock for so long, so these verbs open their own short transactions.
 */
export type Store = { read: Database["reading"]; write: Database["transaction"] };

/** Where a request comes from, as the record and the list of sessions show it. */
export type Origin = { address: string; userAgent: string };

export type Person = Extract<Actor, { kind: "person" }>;

/** The lock of whoever looks at the administrator's seat, or at the link to it, and changes them by what it sees. */
export const SEAT = "the administrator's seat";

const TOKEN_BYTES = 32;

/** 256 random bits in 43 characters that may stand in a URL or a cookie. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** A token is random enough that one round of SHA-256 keeps it secret (unlike a password). */
export function hashToken(token: string): string {
  return createHash("sha256").update(token, "utf8").digest("hex");
}

/** Compares two hashes of `hashToken` without telling by its time where they differ. */
export function isSameHash(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left, "hex"), Buffer.from(right, "hex")];
  return a.length === b.length && timingSafeEqual(a, b);
}
