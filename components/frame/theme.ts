export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Holds one of the words above, nothing else; it may be read and written in the browser. */
export const THEME_COOKIE = "sluice_theme";

export function themeOf(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? "system";
}
