import type { ReactNode } from "react";

export type Fact = { term: string; value: ReactNode };

/** Terms and what they are, one under the other. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[minmax(6.5rem,28%)_minmax(0,1fr)] gap-x-4">
      {facts.map(({ term, value }) => (
        <div
          key={term}
          className="col-span-2 grid min-h-10 grid-cols-subgrid items-center border-b border-line py-2"
        >
          <dt className="text-sm text-ink-muted">{term}</dt>
          <dd className="min-w-0 text-sm wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
