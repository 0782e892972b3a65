import { createHmac, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_CHARS = 22;
/** Characters that are taken from the long number at once: as many as a plain number holds exactly. */
const GROUP_CHARS = 8;
const GROUP = 62n ** BigInt(GROUP_CHARS);

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
  while (text.length < ID_CHARS) {
    let group = Number(value % GROUP);
    value /= GROUP;
    for (let place = 0; place < GROUP_CHARS; place++) {
      text += ALPHABET[group % 62];
      group = Math.floor(group / 62);
    }
  }
  return text.slice(0, ID_CHARS);
}
