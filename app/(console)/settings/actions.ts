"use server";

import { changePassword } from "@/lib/auth/change-password";
import { endSession } from "@/lib/auth/end-session";
import { changePasswordInput, endSessionInput } from "@/lib/auth/schema";
import { consoleAction } from "@/lib/http/console-action";

export const changePasswordAction = consoleAction(
  changePasswordInput,
  ({ actor, sessionId, input, read, write, now }) =>
    changePassword({ actor, read, write, input: { ...input, sessionId }, now }),
);

export const endSessionAction = consoleAction(endSessionInput, ({ actor, input, write, now }) =>
  write((tx) => endSession({ actor, tx, input, now })),
);
