import type { ReactNode } from "react";

/** One sentence on what belongs here, one thing to do. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-lg border border-dashed border-line px-6 py-8">
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-prose text-ink-muted">{children}</div>}
      {action}
    </div>
  );
}
