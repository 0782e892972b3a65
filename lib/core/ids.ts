import { createHmac, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_CHARS = 22;

/** A random id of 22 base62 characters (131 bits), the shape Supermemory's API uses. */
export function newId(): string {
  return base62(randomBytes(17));
}

/**
 * The id of the document that stands for one object: the same connection and key give the same id for ever,
 * so a repeated run or a restart never makes a second document.
 */
export function documentIdFor(connectionId: string, key: string): string {
  return base62(createHmac("sha256", connectionId).update(key, "utf8").digest().subarray(0, 17));
}

/** Exactly 22 base62 characters of the number that the bytes (at least 17) spell. */
export function base62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let position = 0; position < ID_CHARS; position++) {
    text += ALPHABET[Number(value % 62n)];
    value /= 62n;
  }
  return text;
}
