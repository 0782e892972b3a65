import { classNames } from "./class-names";

/** The place of something that is on its way. Hidden from screen readers; the list around it says that it loads. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames("h-4 rounded-sm bg-sunken", className)} />;
}
