import { z } from "zod";
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from "@/lib/core/limits";

/** Kept and compared in lower case, so that one mailbox is one account. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "must have at most 254 characters")
  .pipe(z.email("is not an email address"));

export const newPassword = z
  .string()
  .min(PASSWORD_CHARS_MIN, `must have at least ${PASSWORD_CHARS_MIN} characters`)
  .max(PASSWORD_CHARS_MAX, `must have at most ${PASSWORD_CHARS_MAX} characters`);

/** A password that is only compared: the rules for new ones may have changed since it was chosen. */
const givenPassword = z
  .string()
  .min(1, "is required")
  .max(PASSWORD_CHARS_MAX, `must have at most ${PASSWORD_CHARS_MAX} characters`);

export const createFirstAdministratorInput = z.object({
  /** What stands behind `#token=` in the set-up link. */
  token: z.string().min(1).max(200),
  email,
  password: newPassword,
});
export type CreateFirstAdministratorInput = z.infer<typeof createFirstAdministratorInput>;

export const signInInput = z.object({
  email,
  password: givenPassword,
  /** Where to go afterwards. A path of this console, or it counts as none. */
  next: z.string().max(2_048).default("/"),
});
export type SignInInput = z.infer<typeof signInInput>;

/** Signing out says nothing but that. */
export const signOutInput = z.object({});

export const changePasswordInput = z.object({ currentPassword: givenPassword, newPassword });
export type ChangePasswordInput = z.infer<typeof changePasswordInput>;

export const endSessionInput = z.object({ id: z.string().min(1).max(64) });
export type EndSessionInput = z.infer<typeof endSessionInput>;

/** A session as its owner sees it. Times are epoch ms. */
export type SessionView = {
  id: string;
  userAgent: string;
  address: string;
  createdAt: number;
  seenAt: number;
  expiresAt: number;
  /** The one that asks. */
  isCurrent: boolean;
};

/**
 * The path to open after signing in: `next` when it is a path of this origin, otherwise the overview.
 * `//host` and `/\host` are addresses of other sites to a browser.
 */
export function safeNextPath(next: string): string {
  const ORIGIN = "http://sluice.invalid";
  if (!next.startsWith("/") || !URL.canParse(next, ORIGIN)) return "/";
  const url = new URL(next, ORIGIN);
  // Dot segments are gone only now: `/.//host` has become `//host`.
  const isOwn = url.origin === ORIGIN && !url.pathname.startsWith("//");
  return isOwn ? url.pathname + url.search + url.hash : "/";
}
