"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ConnectionSettings } from "@/components/connections/connection-settings";
import { connectionName } from "@/components/connections/connection-state";
import { RemoveDialog } from "@/components/connections/remove-dialog";
import { Section } from "@/components/frame/section";
import { Button } from "@/components/ui/button";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { problemOf } from "../../_client/answer-of";
import { connectionKeys } from "../../_client/connection-queries";
import { disconnectAction } from "../actions";

export function SettingsTab({ connection }: { connection: ConnectionView }) {
  const [isAsking, setAsking] = useState(false);
  const router = useRouter();
  const client = useQueryClient();

  const remove = async ({ deleteDocuments }: { deleteDocuments: boolean }) => {
    const problem = await problemOf(disconnectAction({ id: connection.id, deleteDocuments }));
    if (problem !== null) return problem;
    const documents = countOf(connection.documentCount, "document");
    toast.success(`${connectionName(connection)} is removed`, {
      description: deleteDocuments ? `${documents} are being deleted.` : `${documents} are kept.`,
    });
    router.push("/connections");
    client.setQueryData<ConnectionView[]>(connectionKeys.all, (all) =>
      all?.filter(({ id }) => id !== connection.id),
    );
    client.removeQueries({ queryKey: connectionKeys.one(connection.id) });
    return null;
  };
  return (
    <div className="flex max-w-3xl flex-col gap-10">
      <ConnectionSettings connection={connection} />
      <Section
        title="Remove this connection"
        hint="Syncing stops and the credentials are deleted. You choose whether its documents are kept."
      >
        <div>
          <Button className="text-failed-ink" onClick={() => setAsking(true)}>
            <Trash2 aria-hidden />
            Remove connection…
          </Button>
        </div>
        <RemoveDialog connection={connection} isOpen={isAsking} onOpenChange={setAsking} onRemove={remove} />
      </Section>
    </div>
  );
}
