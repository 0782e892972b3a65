"use client";

import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { connectionName } from "./connection-state";

type RereadDialogProps = {
  connection: ConnectionView;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Resolves to null when it is asked for, or to a sentence that says why it could not be. */
  onReread: () => Promise<string | null>;
};

/** Asks first, since every object is fetched once more, and stores bill for that. */
export function RereadDialog({ connection, isOpen, onOpenChange, onReread }: RereadDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { documentCount } = connection;
  const cost = documentCount > 0 ? `: ${countOf(documentCount, "document")} now` : "";

  const reread = async () => {
    setBusy(true);
    const problem = await onReread();
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
      title={`Read everything in ${connectionName(connection)} again?`}
      description={`Every object is fetched and read once more, whether it has changed or not${cost}. The store may bill for the requests and the traffic. Documents stay in search meanwhile.`}
      confirmLabel="Read everything again"
      tone="primary"
      isBusy={isBusy}
      error={error}
      onConfirm={reread}
    />
  );
}
