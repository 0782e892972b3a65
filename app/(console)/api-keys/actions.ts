"use server";

import { createApiKey } from "@/lib/api-keys/create-api-key";
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key";
import { createApiKeyInput, revokeApiKeyInput } from "@/lib/api-keys/schema";
import { consoleAction } from "@/lib/http/console-action";

/** The key itself is in this one answer and nowhere else. */
export const createApiKeyAction = consoleAction(createApiKeyInput, ({ actor, input, write, now }) =>
  write((tx) => createApiKey({ actor, tx, input, now })),
);

export const revokeApiKeyAction = consoleAction(revokeApiKeyInput, async ({ actor, input, write, now }) => {
  await write((tx) => revokeApiKey({ actor, tx, input, now }));
  return null;
});
