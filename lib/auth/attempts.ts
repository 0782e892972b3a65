import { newId } from "@/lib/core/ids";
import { SIGN_IN_TRIES_PER_MINUTE } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { holdAlone } from "@/lib/db/sql/locks";
import { hashToken } from "./internal";

const WINDOW_MS = 60_000;

type Trier = { email: string; address: string };

/**
 * Counts one try for the account and one for the address, before the password is looked at, so that tries that run
 * at the same time are all counted. False when either has had its tries of the last minute; a try that is refused
 * is not counted, so waiting a minute always helps.
 *
 * Accounts that do not exist are counted alike, or the limit would tell which do.
 */
export async function countSignInTry(tx: Tx, trier: Trier, now: number): Promise<boolean> {
  await holdAlone(tx, "sign-in tries");
  await tx.prisma.attempt.deleteMany({ where: { at: { lte: BigInt(now - WINDOW_MS) } } });
  const subjects = subjectsOf(trier);
  for (const subject of subjects) {
    if ((await tx.prisma.attempt.count({ where: { subject } })) >= SIGN_IN_TRIES_PER_MINUTE) return false;
  }
  await tx.prisma.attempt.createMany({
    data: subjects.map((subject) => ({ id: newId(), subject, at: BigInt(now) })),
  });
  return true;
}

/** Who has signed in has shown that the tries were their own. */
export async function forgetSignInTries(tx: Tx, trier: Trier): Promise<void> {
  await tx.prisma.attempt.deleteMany({ where: { subject: { in: subjectsOf(trier) } } });
}

/** The email is hashed: people type passwords into the wrong field. */
function subjectsOf(trier: Trier): string[] {
  return [`account:${hashToken(trier.email)}`, `address:${trier.address}`];
}
