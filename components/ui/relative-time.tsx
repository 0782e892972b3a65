"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { formatExact, formatRelative } from "@/lib/rules/format";

const TICK_MS = 15_000;
const subscribeToNothing = () => () => {};

/** `3 h ago`; the exact time with its zone on hover. The zone is the reader's, which only the browser knows. */
export function RelativeTime({ at, className }: { at: number; className?: string }) {
  const isInBrowser = useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
  const now = useNow();
  const exact = formatExact(at, isInBrowser ? undefined : "UTC");
  return (
    <time dateTime={new Date(at).toISOString()} title={exact} suppressHydrationWarning className={className}>
      {formatRelative(at, now)}
    </time>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
