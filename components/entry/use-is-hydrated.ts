"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False until the page listens. A form sent before that would reload the page and lose what was typed. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
