import { recordAudit } from "@/lib/audit/record-audit";
import { invalidInput, notFound, SluiceError } from "@/lib/core/errors";
import { countSignInTry } from "./attempts";
import type { Person, Store } from "./internal";
import { hashPassword, isPassword } from "./password";
import type { ChangePasswordInput } from "./schema";

/**
 * Sets a new password for the person who asks and knows the present one, and ends their other sessions: whoever
 * came in with the old password is out. Tries count as sign-ins do, since an unlocked screen is a place to guess.
 */
export async function changePassword(
  args: Store & { actor: Person; input: ChangePasswordInput & { sessionId: string }; now: number },
): Promise<{ sessionsEnded: number }> {
  const { actor, input, now } = args;
  const trier = { email: actor.email, address: actor.address ?? "unknown" };
  if (!(await args.write((tx) => countSignInTry(tx, trier, now)))) throw tooManyTries();

  const account = await args.read((tx) =>
    tx.prisma.administrator.findUnique({ where: { id: actor.userId } }),
  );
  if (account === null) throw notFound("Administrator");
  if (!(await isPassword(input.currentPassword, account.passwordHash))) {
    throw invalidInput("currentPassword", "is not your present password");
  }
  const passwordHash = await hashPassword(input.newPassword);
  return args.write(async (tx) => {
    const { count } = await tx.prisma.administrator.updateMany({
      where: { id: account.id, passwordHash: account.passwordHash },
      data: { passwordHash, updatedAt: BigInt(now) },
    });
    if (count === 0) throw changedMeanwhile();
    const others = await tx.prisma.session.deleteMany({
      where: { administratorId: account.id, id: { not: input.sessionId } },
    });
    await recordAudit(tx, {
      actor,
      action: "administrator.password_changed",
      subject: { kind: "administrator", id: account.id },
      after: { sessionsEnded: others.count },
      now,
    });
    return { sessionsEnded: others.count };
  });
}

function tooManyTries(): SluiceError {
  return new SluiceError({
    code: "rate_limited",
    effect: "stop",
    message: "Too many tries",
    details: "Wait a minute, then change the password again.",
  });
}

function changedMeanwhile(): SluiceError {
  return new SluiceError({
    code: "conflict",
    effect: "stop",
    message: "The password was changed somewhere else",
    details: "Sign in again with the new one.",
  });
}
