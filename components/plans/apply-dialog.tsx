"use client";

import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { Tally } from "@/lib/rules/tally";
import { applyQuestion } from "./plan-words";

type ApplyDialogProps = {
  tally: Tally;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Resolves to null when a run does it, or to a sentence that says why none can. */
  onApply: () => Promise<string | null>;
};

export function ApplyDialog({ tally, isOpen, onOpenChange, onApply }: ApplyDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const apply = async () => {
    setBusy(true);
    const problem = await onApply();
    setBusy(false);
    setError(problem);
    if (problem === null) onOpenChange(false);
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (isBusy) return;
        setError(null);
        onOpenChange(next);
      }}
      title="Apply this plan?"
      {...applyQuestion(tally)}
      isBusy={isBusy}
      error={error}
      onConfirm={apply}
    />
  );
}
