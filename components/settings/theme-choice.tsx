"use client";

import { useState } from "react";
import { THEME_COOKIE, type Theme } from "@/components/frame/theme";
import { Segmented } from "@/components/ui/segmented";

const YEAR_SECONDS = 31_536_000;
const OPTIONS: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Takes effect at once; the cookie tells the server what to paint next time. */
export function ThemeChoice({ theme }: { theme: Theme }) {
  const [chosen, setChosen] = useState(theme);
  const choose = (next: Theme) => {
    setChosen(next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing outside https.
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  };
  return <Segmented label="Theme" options={OPTIONS} value={chosen} onValueChange={choose} />;
}
