import { type ReactNode, useId } from "react";

type SectionProps = { title: string; hint?: ReactNode; actions?: ReactNode; children: ReactNode };

/** A group under its heading. Space holds it together, not a card. */
export function Section({ title, hint, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="text-lg font-medium">
            {title}
          </h2>
          {hint && <p className="max-w-prose text-sm text-ink-muted">{hint}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
