import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

type PageHeaderProps = {
  title: ReactNode;
  /** One line of facts. */
  facts?: ReactNode;
  actions?: ReactNode;
  /** From the second level on: the way back. */
  trail?: readonly { href: string; label: ReactNode }[];
};

export function PageHeader({ title, facts, actions, trail = [] }: PageHeaderProps) {
  return (
    <div className="flex flex-col gap-1.5">
      {trail.length > 0 && (
        <nav aria-label="Breadcrumb">
          <ol className="flex min-w-0 items-center gap-1 text-sm text-ink-muted">
            {trail.map(({ href, label }) => (
              <li key={href} className="flex shrink-0 items-center gap-1 last:min-w-0 last:shrink">
                <Link href={href} className="truncate rounded-sm py-0.5 hover:text-ink hover:underline">
                  {label}
                </Link>
                <ChevronRight aria-hidden className="size-3.5 shrink-0" />
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h1 className="min-w-0 text-2xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {facts && <div className="text-base text-ink-muted">{facts}</div>}
    </div>
  );
}
