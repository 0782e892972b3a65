import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Seals secrets for the database and opens them again. What is sealed names its key, so keys can be changed. */
export type Vault = {
  seal(plain: string): string;
  /** Throws an Error without any part of the secret when no key at hand fits, or when the seal was altered. */
  open(sealed: string): string;
  /** False when the seal was made with the previous key and should be made anew. */
  isCurrent(sealed: string): boolean;
};

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. A seal reads `v1.<key id>.<base64url of nonce, tag and text>`.
 *
 * Keys are 32 bytes of base64. Throws an Error that names `variable` when one is not.
 */
export function openVault(keys: { current: string; previous: string | null }): Vault {
  const current = readKey(keys.current, "SLUICE_SECRET_KEY");
  const known = [current];
  if (keys.previous !== null) known.push(readKey(keys.previous, "SLUICE_SECRET_KEY_PREVIOUS"));
  return {
    seal: (plain) => seal(plain, current),
    open: (sealed) => open(sealed, known),
    isCurrent: (sealed) => sealed.split(".")[1] === current.id,
  };
}

export function newSecretKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

type SecretKey = { id: string; bytes: Buffer };

function readKey(text: string, variable: string): SecretKey {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== KEY_BYTES) {
    throw new Error(`${variable}: must be 32 bytes in base64, for example from "openssl rand -base64 32".`);
  }
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 8), bytes };
}

function seal(plain: string, key: SecretKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce);
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return `v1.${key.id}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64url")}`;
}

function open(sealed: string, known: SecretKey[]): string {
  const [version, keyId, body] = sealed.split(".");
  const key = known.find((candidate) => candidate.id === keyId);
  if (version !== "v1" || body === undefined || key === undefined) {
    throw new Error(
      "A sealed secret was made with a key that is not at hand. Is SLUICE_SECRET_KEY the right one?",
    );
  }
  const bytes = Buffer.from(body, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
    "utf8",
  );
}
