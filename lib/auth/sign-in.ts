import { SluiceError } from "@/lib/core/errors";
import { countSignInTry, forgetSignInTries } from "./attempts";
import type { Origin, Store } from "./internal";
import { type OpenedSession, openSession } from "./open-session";
import { isPassword } from "./password";
import type { SignInInput } from "./schema";

/**
 * Opens a session for a right email and password. Throws `rate_limited` after too many tries for the account or from
 * the address, and `unauthorized` otherwise: the same words after the same work, whether the account exists or not.
 */
export async function signIn(
  args: Store & { input: Pick<SignInInput, "email" | "password"> & Origin; now: number },
): Promise<OpenedSession> {
  const { input, now } = args;
  if (!(await args.write((tx) => countSignInTry(tx, input, now)))) throw tooManyTries();

  const account = await args.read((tx) =>
    tx.prisma.administrator.findUnique({ where: { email: input.email } }),
  );
  if (!(await isPassword(input.password, account?.passwordHash ?? null)) || account === null) {
    throw wrongEmailOrPassword();
  }
  return args.write(async (tx) => {
    const { id, passwordHash } = account;
    // The password may have been changed, or the account removed, while this one was verified.
    const administrator = await tx.prisma.administrator.findFirst({ where: { id, passwordHash } });
    if (administrator === null) throw wrongEmailOrPassword();
    await forgetSignInTries(tx, input);
    return openSession({ tx, administrator, origin: input, now });
  });
}

function wrongEmailOrPassword(): SluiceError {
  return new SluiceError({
    code: "unauthorized",
    effect: "stop",
    message: "The email or the password is wrong",
    details: "Check both. If the password is lost, run `npm run admin -- reset` on the server.",
  });
}

function tooManyTries(): SluiceError {
  return new SluiceError({
    code: "rate_limited",
    effect: "stop",
    message: "Too many tries",
    details: "Wait a minute, then sign in again.",
  });
}
