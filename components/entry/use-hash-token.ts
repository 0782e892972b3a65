"use client";

import { useSyncExternalStore } from "react";

/**
 * The set-up token behind `#token=`: undefined until the browser has the page, null when the address has none. The
 * fragment is never sent, so only the browser can tell.
 */
export function useHashToken(): string | null | undefined {
  return useSyncExternalStore(onHashChange, tokenInAddress, () => undefined);
}

function onHashChange(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

function tokenInAddress(): string | null {
  return new URLSearchParams(window.location.hash.slice(1)).get("token") || null;
}
