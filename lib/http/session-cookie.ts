import { cookies } from "next/headers";
import { installation } from "./installation";

/**
 * `__Host-` makes browsers insist on https, this very host and the whole path (RFC 6265bis, cookie name prefixes).
 * They refuse it over plain http.
 */
export function sessionCookieName(url: string): string {
  return isHttps(url) ? "__Host-sluice" : "sluice_session";
}

/** The session's token that the browser sent, or null. */
export function sessionTokenOf(headers: Pick<Headers, "get">, url: string): string | null {
  const name = sessionCookieName(url);
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value) return value;
  }
  return null;
}

/** Signs the browser in. For server actions only: a page cannot set a cookie. */
export async function setSessionCookie(session: { token: string; expiresAt: number }): Promise<void> {
  const { url } = installation().env;
  (await cookies()).set(sessionCookieName(url), session.token, {
    ...cookieOptions(url),
    expires: new Date(session.expiresAt),
  });
}

/** Signs the browser out. The session itself is ended by `signOut`. */
export async function clearSessionCookie(): Promise<void> {
  const { url } = installation().env;
  (await cookies()).set(sessionCookieName(url), "", { ...cookieOptions(url), maxAge: 0 });
}

/** What the cookie says beside its value. Lax, so that a link from elsewhere opens the console signed in. */
export function cookieOptions(url: string) {
  return { httpOnly: true, secure: isHttps(url), sameSite: "lax", path: "/" } as const;
}

function isHttps(url: string): boolean {
  return url.startsWith("https:");
}
