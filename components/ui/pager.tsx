import { ChevronLeft, ChevronRight } from "lucide-react";
import { formatCount } from "@/lib/rules/format";
import { Button } from "./button";

type PagerProps = {
  page: number;
  limit: number;
  totalItems: number;
  noun: string;
  onPageChange: (page: number) => void;
};

/** `1–50 of 412 documents`, with a step either way. Nothing where one page holds all. */
export function Pager({ page, limit, totalItems, noun, onPageChange }: PagerProps) {
  const pages = Math.max(1, Math.ceil(totalItems / limit));
  const first = (page - 1) * limit + 1;
  const last = Math.min(totalItems, page * limit);
  if (totalItems === 0) return null;
  return (
    <nav
      aria-label={`Pages of ${noun}`}
      className="flex items-center justify-between gap-4 pt-3 text-sm text-ink-muted"
    >
      <span className="tabular-nums">
        {formatCount(first)}–{formatCount(last)} of {formatCount(totalItems)} {noun}
      </span>
      {pages > 1 && (
        <span className="flex gap-2">
          <Button size="small" disabled={page <= 1} onClick={() => onPageChange(page - 1)}>
            <ChevronLeft aria-hidden />
            Previous
          </Button>
          <Button size="small" disabled={page >= pages} onClick={() => onPageChange(page + 1)}>
            Next
            <ChevronRight aria-hidden />
          </Button>
        </span>
      )}
    </nav>
  );
}
