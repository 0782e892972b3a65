import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/core/actor";
import { SETUP_LINK_MS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { hasAdministrator } from "./has-administrator";
import { newToken } from "./internal";
import { storeSetupLink } from "./setup-link";

/**
 * The token of a new set-up link; null when somebody administers already. Whoever opens the link first becomes the
 * administrator, so it is made anew at every start and the one before is void.
 */
export async function renewSetupLink(args: {
  actor: Actor;
  tx: Tx;
  now: number;
}): Promise<{ token: string; expiresAt: number } | null> {
  const { actor, tx, now } = args;
  if (await hasAdministrator({ tx })) return null;
  const token = newToken();
  await storeSetupLink(tx, token, now);
  const subject = { kind: "administrator", id: "first" } as const;
  await recordAudit(tx, { actor, action: "setup_link.renewed", subject, now });
  return { token, expiresAt: now + SETUP_LINK_MS };
}
