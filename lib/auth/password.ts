import { type Algorithm, hash, type Options, verify } from "@node-rs/argon2";

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;
// The package declares the enum `const`, which a module compiled on its own cannot read: 2 is argon2id.
const ARGON2ID: Algorithm = 2;

/**
 * A hash that no password has, of the same cost as the real ones: 16 bytes of salt and 32 of hash, all zero.
 * Verifying against it takes as long as against that of an account that exists.
 */
const NOBODY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${"A".repeat(22)}$${"A".repeat(43)}`;

export function hashPassword(password: string): Promise<string> {
  return hash(sameOnEveryKeyboard(password), { ...COST, algorithm: ARGON2ID });
}

/** `storedHash` is null for an account that does not exist; the answer is then no, after the same work. */
export async function isPassword(password: string, storedHash: string | null): Promise<boolean> {
  const isRight = await verify(storedHash ?? NOBODY, sameOnEveryKeyboard(password));
  return isRight && storedHash !== null;
}

/** An accented letter is one character on one system and two on another (NIST SP 800-63B, 5.1.1.2). */
function sameOnEveryKeyboard(password: string): string {
  return password.normalize("NFKC");
}
