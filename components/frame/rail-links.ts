import { Cable, FileText, House, KeyRound, type LucideIcon, Search, Settings } from "lucide-react";

export type RailLink = { href: string; label: string; icon: LucideIcon };

export type RailGroup = "work" | "house";

const WORK_LINKS: readonly RailLink[] = [
  { href: "/", label: "Overview", icon: House },
  { href: "/connections", label: "Connections", icon: Cable },
  { href: "/documents", label: "Documents", icon: FileText },
  { href: "/search", label: "Search", icon: Search },
];

const HOUSE_LINKS: readonly RailLink[] = [
  { href: "/api-keys", label: "API keys", icon: KeyRound },
  { href: "/settings", label: "Settings", icon: Settings },
];

/** What one works with, and what keeps the house. */
export const RAIL_LINKS: Record<RailGroup, readonly RailLink[]> = { work: WORK_LINKS, house: HOUSE_LINKS };

/** Whether a path belongs to a link: itself or a page below it. */
export function isBelow(path: string, href: string): boolean {
  if (href === "/") return path === "/";
  if (href === "/connections" && path.startsWith("/runs/")) return true;
  return path === href || path.startsWith(`${href}/`);
}
