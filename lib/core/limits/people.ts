/** Signing in, and the keys of programs. */

export const SETUP_LINK_MS = 60 * 60 * 1000;
export const SETUP_TRIES_MAX = 10;
export const SESSION_MS = 14 * 24 * 60 * 60 * 1000;
export const SIGN_IN_TRIES_PER_MINUTE = 5;
export const PASSWORD_CHARS_MIN = 12;
export const PASSWORD_CHARS_MAX = 256;
export const API_KEY_CHARS_MIN = 32;
