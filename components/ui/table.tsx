import type { ComponentProps } from "react";
import { classNames } from "./class-names";

/** Scrolls sideways by itself where the page is too narrow for it. */
export function Table({ label, className, ...rest }: ComponentProps<"table"> & { label: string }) {
  return (
    <div className="-mx-4 overflow-x-auto px-4 md:mx-0 md:px-0">
      <table
        aria-label={label}
        {...rest}
        className={classNames("w-full border-collapse text-sm", className)}
      />
    </div>
  );
}

export function HeaderCell({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      className={classNames(
        "h-9 whitespace-nowrap border-b border-line px-3 text-left align-middle text-xs font-medium text-ink-muted first:pl-0 last:pr-0",
        className,
      )}
    />
  );
}

/** The whole row is the link: its first link covers it, and what else can be pressed lies above. */
export function Row({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr {...rest} className={classNames("group relative transition-colors hover:bg-hover/60", className)} />
  );
}

export function Cell({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td
      {...rest}
      className={classNames("h-11 border-b border-line px-3 align-middle first:pl-0 last:pr-0", className)}
    />
  );
}

export const rowLinkClasses =
  "rounded-sm font-medium text-ink after:absolute after:inset-0 after:content-[''] hover:underline hover:decoration-line-strong hover:underline-offset-4";
