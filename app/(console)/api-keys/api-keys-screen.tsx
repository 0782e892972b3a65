"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ApiKeyTable } from "@/components/api-keys/api-key-table";
import { CreateKeyForm } from "@/components/api-keys/create-key-form";
import { NewKey } from "@/components/api-keys/new-key";
import { PageHeader } from "@/components/frame/page-header";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import type { ApiKeyView, CreateApiKeyInput } from "@/lib/api-keys/schema";
import { asked } from "../_client/answer-of";
import { createApiKeyAction } from "./actions";
import { RevokeDialog } from "./revoke-dialog";

export function ApiKeysScreen({ keys }: { keys: ApiKeyView[] }) {
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null);
  const router = useRouter();

  const create = async (input: CreateApiKeyInput) => {
    const answer = await asked(createApiKeyAction(input));
    if (answer.ok) {
      setSecret(answer.value.key);
      router.refresh();
    }
    return answer;
  };
  const openOrClose = (isOpen: boolean) => {
    setCreating(isOpen);
    if (!isOpen) setSecret(null);
  };
  const afterRevoking = (key: ApiKeyView) => {
    toast.success(`${key.name} is revoked`);
    router.refresh();
  };
  const button = (
    <Button tone="primary" onClick={() => openOrClose(true)}>
      <Plus aria-hidden />
      Create API key
    </Button>
  );
  return (
    <>
      <PageHeader
        title="API keys"
        facts="For programs: the SDKs, scripts, agents."
        actions={keys.length > 0 && button}
      />
      {keys.length === 0 ? (
        <EmptyState title="A key lets a program use Sluice as you do here." action={button} />
      ) : (
        <ApiKeyTable keys={keys} onRevoke={setRevoking} />
      )}
      <Dialog
        isOpen={isCreating}
        onOpenChange={openOrClose}
        title={secret === null ? "Create API key" : "The new API key"}
      >
        {secret === null ? <CreateKeyForm onCreate={create} /> : <NewKey secret={secret} />}
      </Dialog>
      <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} onRevoked={afterRevoking} />
    </>
  );
}
