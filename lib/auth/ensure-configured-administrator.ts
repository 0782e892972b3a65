import type { Actor } from "@/lib/core/actor";
import { holdAlone } from "@/lib/db/sql/locks";
import { hasAdministrator } from "./has-administrator";
import { insertAdministrator } from "./insert-administrator";
import { SEAT, type Store } from "./internal";
import { hashPassword } from "./password";
import { email, newPassword } from "./schema";

/**
 * Creates the administrator that the environment names, unless there is one: the variables never change a password
 * that a person has chosen since. Throws an Error that names the variable which is refused.
 */
export async function ensureConfiguredAdministrator(
  args: Store & { actor: Actor; input: { email: string; password: string }; now: number },
): Promise<"created" | "present"> {
  if (await args.read((tx) => hasAdministrator({ tx }))) return "present";
  const chosen = readVariables(args.input);
  const passwordHash = await hashPassword(chosen.password);
  return args.write(async (tx) => {
    // Others that share the database may start at the same moment.
    await holdAlone(tx, SEAT);
    if (await hasAdministrator({ tx })) return "present";
    await insertAdministrator(tx, {
      email: chosen.email,
      passwordHash,
      actorFor: () => args.actor,
      now: args.now,
    });
    return "created";
  });
}

function readVariables(input: { email: string; password: string }): { email: string; password: string } {
  const address = email.safeParse(input.email);
  if (!address.success) throw new Error(`SLUICE_ADMIN_EMAIL: ${address.error.issues[0]?.message}`);
  const password = newPassword.safeParse(input.password);
  if (!password.success) throw new Error(`SLUICE_ADMIN_PASSWORD: ${password.error.issues[0]?.message}`);
  return { email: address.data, password: password.data };
}
