import { SluiceError } from "@/lib/core/errors";
import { holdAlone } from "@/lib/db/sql/locks";
import { hasAdministrator } from "./has-administrator";
import { alreadySetUp, insertAdministrator } from "./insert-administrator";
import { type Origin, SEAT, type Store } from "./internal";
import { type OpenedSession, openSession } from "./open-session";
import { hashPassword } from "./password";
import type { CreateFirstAdministratorInput } from "./schema";
import { isSetupToken, trySetupToken } from "./setup-link";

/**
 * Makes whoever holds the set-up link the administrator, and signs them in.
 *
 * Throws `conflict` when there is one, `forbidden` when the token is wrong, expired, replaced or was tried too often.
 * The try is committed before anything else happens, so it counts however this ends.
 */
export async function createFirstAdministrator(
  args: Store & { input: CreateFirstAdministratorInput & Origin; now: number },
): Promise<OpenedSession> {
  const { input, now } = args;
  const isOpen = await args.write(async (tx) => {
    await holdAlone(tx, SEAT);
    if (await hasAdministrator({ tx })) throw alreadySetUp();
    return trySetupToken(tx, input.token, now);
  });
  if (!isOpen) throw linkRefused();
  const passwordHash = await hashPassword(input.password);
  return args.write(async (tx) => {
    const { email, address } = input;
    await holdAlone(tx, SEAT);
    if (await hasAdministrator({ tx })) throw alreadySetUp();
    // A start or a reset may have replaced the link while the password was hashed.
    if (!(await isSetupToken(tx, input.token))) throw linkRefused();
    const administrator = await insertAdministrator(tx, {
      email,
      passwordHash,
      actorFor: ({ id }) => ({ kind: "person", userId: id, email, address }),
      now,
    });
    return openSession({ tx, administrator, origin: input, now });
  });
}

function linkRefused(): SluiceError {
  return new SluiceError({
    code: "forbidden",
    effect: "stop",
    message: "This set-up link is not valid",
    details:
      "It may be older than an hour, used up, or replaced by a newer one. Start Sluice again for a new link.",
  });
}
