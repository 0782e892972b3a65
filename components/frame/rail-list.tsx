"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "@/components/ui/class-names";
import { isBelow, RAIL_LINKS, type RailGroup } from "./rail-links";

export function RailList({ group, onFollow }: { group: RailGroup; onFollow?: () => void }) {
  const path = usePathname();
  return (
    <ul className="flex flex-col gap-0.5">
      {RAIL_LINKS[group].map(({ href, label, icon: Icon }) => {
        const isHere = isBelow(path, href);
        return (
          <li key={href}>
            <Link
              href={href}
              onClick={onFollow}
              aria-current={path === href ? "page" : isHere ? "true" : undefined}
              className={classNames(
                "flex h-9 items-center gap-2.5 rounded-md px-2.5 text-base transition-colors",
                isHere ? "bg-hover font-medium text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
              )}
            >
              <Icon aria-hidden className={classNames("size-4 shrink-0", isHere && "text-accent-ink")} />
              {label}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
