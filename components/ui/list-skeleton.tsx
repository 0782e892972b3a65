import { Skeleton } from "./skeleton";

const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-2/3", "w-2/5", "w-3/5"];

/** Rows of the height that the list will have. Appears after 150 ms. */
export function ListSkeleton({ label, rows = 6 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-label={label} className="flex animate-appear flex-col">
      {WIDTHS.slice(0, rows).map((width, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never change places.
        <div key={row} className="flex h-11 items-center gap-6 border-b border-line">
          <Skeleton className={width} />
          <Skeleton className="w-20 max-sm:hidden" />
          <Skeleton className="w-16" />
        </div>
      ))}
    </div>
  );
}
