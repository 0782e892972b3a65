import type { ReactNode } from "react";

/** A named step of the form. */
export function FormGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 border-t border-line pt-5 first:border-t-0 first:pt-0">
      <legend className="contents">
        <span className="mb-1 block w-full text-lg font-medium">{title}</span>
      </legend>
      {children}
    </fieldset>
  );
}
