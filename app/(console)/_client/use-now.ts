"use client";

import { useEffect, useState } from "react";

const TICK_MS = 1_000;

/** The time, each second. Begins with the server's, so that both paint the same. */
export function useNow(initialNow: number): number {
  const [now, setNow] = useState(initialNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
