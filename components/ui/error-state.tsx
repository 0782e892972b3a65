import { RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "./button";

type ErrorStateProps = { title: string; message: string; onRetry?: () => void };

/** What went wrong, why, and a way on. */
export function ErrorState({ title, message, onRetry }: ErrorStateProps) {
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-3 rounded-lg border border-line bg-failed-soft px-6 py-5"
    >
      <div className="flex items-start gap-2.5">
        <TriangleAlert aria-hidden className="mt-[3px] size-4 shrink-0 text-failed-ink" />
        <div>
          <p className="font-medium text-failed-ink">{title}</p>
          <p className="max-w-prose wrap-anywhere text-ink">{message}</p>
        </div>
      </div>
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          <RotateCw aria-hidden />
          Try again
        </Button>
      )}
    </div>
  );
}
