"use client";

import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { ApiKeyView } from "@/lib/api-keys/schema";
import { problemOf } from "../_client/answer-of";
import { revokeApiKeyAction } from "./actions";

type RevokeDialogProps = {
  /** The key to revoke; null while nothing is asked. */
  apiKey: ApiKeyView | null;
  onClose: () => void;
  onRevoked: (key: ApiKeyView) => void;
};

export function RevokeDialog({ apiKey, onClose, onRevoked }: RevokeDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const revoke = async () => {
    if (apiKey === null) return;
    setBusy(true);
    const problem = await problemOf(revokeApiKeyAction({ id: apiKey.id }));
    setBusy(false);
    setError(problem);
    if (problem !== null) return;
    onRevoked(apiKey);
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen={apiKey !== null}
      onOpenChange={(isOpen) => {
        if (isOpen || isBusy) return;
        setError(null);
        onClose();
      }}
      title={`Revoke ${apiKey?.name ?? "this key"}?`}
      description="Programs that use it are refused from now on. This cannot be undone."
      confirmLabel="Revoke API key"
      isBusy={isBusy}
      error={error}
      onConfirm={revoke}
    />
  );
}
