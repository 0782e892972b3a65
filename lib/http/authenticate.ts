import { findApiKey } from "@/lib/api-keys/find-api-key";
import { isUseWorthNoting, touchApiKey } from "@/lib/api-keys/touch-api-key";
import { findSession } from "@/lib/auth/find-session";
import { isVisitWorthNoting, touchSession } from "@/lib/auth/touch-session";
import type { Actor } from "@/lib/core/actor";
import { systemClock } from "@/lib/core/clock";
import { SluiceError } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { clientAddress } from "./client-address";
import { type Installation, installation } from "./installation";
import { sessionTokenOf } from "./session-cookie";

/** A signed-in person, and by which of their sessions. */
export type SignedIn = { actor: Extract<Actor, { kind: "person" }>; sessionId: string };

/**
 * The API key's actor. Looks at `Authorization: Bearer` and `x-api-key` and at nothing else: a cookie never opens
 * the API. Throws `unauthorized`.
 */
export async function authenticateApiKey(request: Request): Promise<Actor> {
  const opened = installation();
  const now = systemClock();
  const sent = apiKeyOf(request.headers);
  if (sent === null)
    throw unauthorized("Send an API key as `Authorization: Bearer <key>` or as `x-api-key`.");
  const key = await opened.database.reading((tx) => findApiKey({ tx, input: { key: sent } }));
  if (key === null)
    throw unauthorized("This API key is unknown or revoked. Create one in the console under API keys.");
  if (isUseWorthNoting(key.lastUsedAt, now)) {
    await note(opened, (tx) => touchApiKey({ tx, input: { id: key.id }, now }));
  }
  const address = clientAddress(request.headers, opened.env.trustProxy);
  return { kind: "api_key", keyId: key.id, name: key.name, tags: key.tags, address };
}

/** The person whose session the cookie names. Throws `unauthorized` when there is none. */
export async function authenticateSession(headers: Pick<Headers, "get">): Promise<SignedIn> {
  const signedIn = await findSignedIn(headers);
  if (signedIn === null) throw unauthorized("Your session has ended. Sign in again.");
  return signedIn;
}

/** The same for callers to whom nobody being signed in is an answer. */
export async function findSignedIn(headers: Pick<Headers, "get">): Promise<SignedIn | null> {
  const opened = installation();
  const now = systemClock();
  const token = sessionTokenOf(headers, opened.env.url);
  if (token === null) return null;
  const session = await opened.database.reading((tx) => findSession({ tx, input: { token }, now }));
  if (session === null) return null;
  if (isVisitWorthNoting(session.seenAt, now)) {
    await note(opened, (tx) => touchSession({ tx, input: { id: session.id }, now }));
  }
  const address = clientAddress(headers, opened.env.trustProxy);
  return {
    actor: { kind: "person", userId: session.administratorId, email: session.email, address },
    sessionId: session.id,
  };
}

function apiKeyOf(headers: Headers): string | null {
  const bearer = /^bearer +(\S+)$/i.exec(headers.get("authorization")?.trim() ?? "");
  return bearer?.[1] ?? (headers.get("x-api-key")?.trim() || null);
}

/** When something was last used is worth a row, never a refusal. */
async function note(opened: Installation, work: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await opened.database.transaction(work);
  } catch (thrown) {
    opened.log.warn({ err: thrown }, "the time of last use was not written");
  }
}

function unauthorized(details: string): SluiceError {
  return new SluiceError({ code: "unauthorized", effect: "stop", message: "Unauthorized", details });
}
