export const CONNECTION_TABS = ["runs", "documents", "failures", "settings", "code"] as const;
export type ConnectionTab = (typeof CONNECTION_TABS)[number];

/** The tab that an address names; the first where it names none. */
export function tabOf(value: string | string[] | undefined): ConnectionTab {
  return CONNECTION_TABS.find((tab) => tab === value) ?? "runs";
}
