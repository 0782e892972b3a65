"use client";

import { useEffect, useEffectEvent } from "react";
import { isShortcutPress } from "./shortcuts";

/** Calls `act` when `key` is pressed and nobody is typing. Null: the shortcut is not to be had just now. */
export function useShortcut(key: string, act: (() => void) | null): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== key || act === null || !isShortcutPress(event)) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
