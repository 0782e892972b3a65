"use client";

import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RadioList } from "@/components/ui/radio-list";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { connectionName } from "./connection-state";

type RemoveDialogProps = {
  connection: ConnectionView;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Resolves to null when it is removed, or to a sentence that says why it could not be. */
  onRemove: (choice: { deleteDocuments: boolean }) => Promise<string | null>;
};

/** Always asks what becomes of the documents. Keeping them is chosen beforehand: nothing is lost by a quick press. */
export function RemoveDialog({ connection, isOpen, onOpenChange, onRemove }: RemoveDialogProps) {
  const [choice, setChoice] = useState<"keep" | "delete">("keep");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const documents = countOf(connection.documentCount, "document");
  const hasDocuments = connection.documentCount > 0;

  const remove = async () => {
    setBusy(true);
    setError(await onRemove({ deleteDocuments: choice === "delete" }));
    setBusy(false);
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (isBusy) return;
        setError(null);
        onOpenChange(next);
      }}
      title={`Remove ${connectionName(connection)}?`}
      description="Syncing stops and the stored credentials are deleted. The bucket itself is not touched."
      confirmLabel={
        choice === "delete" && hasDocuments ? `Remove connection and ${documents}` : "Remove connection"
      }
      isBusy={isBusy}
      error={error}
      onConfirm={remove}
    >
      {hasDocuments && (
        <RadioList
          label={`What happens to its ${documents}?`}
          value={choice}
          onValueChange={setChoice}
          options={[
            {
              value: "keep",
              label: `Keep ${documents}`,
              hint: "They stay in search. A new connection to the same bucket takes them over.",
            },
            {
              value: "delete",
              label: `Delete ${documents}`,
              hint: "They leave search at once. This cannot be undone.",
            },
          ]}
        />
      )}
    </ConfirmDialog>
  );
}
