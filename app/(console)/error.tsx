"use client";

import { ErrorState } from "@/components/ui/error-state";

export default function ConsoleErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <ErrorState
      title="This page could not be shown"
      message="Sluice wrote the cause to its log. Try again; if it stays, look there for the newest line of level error."
      onRetry={reset}
    />
  );
}
