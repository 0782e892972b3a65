"use server";

import { createFirstAdministrator } from "@/lib/auth/create-first-administrator";
import { createFirstAdministratorInput, safeNextPath, signInInput, signOutInput } from "@/lib/auth/schema";
import { signIn } from "@/lib/auth/sign-in";
import { signOut } from "@/lib/auth/sign-out";
import { consoleAction, entryAction } from "@/lib/http/console-action";
import { clearSessionCookie, setSessionCookie } from "@/lib/http/session-cookie";

export const setUpAction = entryAction(
  createFirstAdministratorInput,
  async ({ read, write, input, address, userAgent, now }) => {
    const origin = { address, userAgent };
    await setSessionCookie(
      await createFirstAdministrator({ read, write, input: { ...input, ...origin }, now }),
    );
    return { path: "/connections/new" };
  },
);

export const signInAction = entryAction(
  signInInput,
  async ({ read, write, input, address, userAgent, now }) => {
    const origin = { address, userAgent };
    await setSessionCookie(await signIn({ read, write, input: { ...input, ...origin }, now }));
    return { path: safeNextPath(input.next) };
  },
);

export const signOutAction = consoleAction(signOutInput, async ({ actor, sessionId, write, now }) => {
  await write((tx) => signOut({ actor, tx, input: { sessionId }, now }));
  await clearSessionCookie();
  return { path: "/sign-in" };
});
