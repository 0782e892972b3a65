"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ConnectionActions } from "@/components/connections/connection-actions";
import { ConnectionBadge } from "@/components/connections/connection-badge";
import { ConnectionFacts } from "@/components/connections/connection-facts";
import { connectionName, connectionState, isAtWork } from "@/components/connections/connection-state";
import { RereadDialog } from "@/components/connections/reread-dialog";
import { PageHeader } from "@/components/frame/page-header";
import { useShortcut } from "@/components/frame/use-shortcut";
import { ShownText } from "@/components/ui/shown-text";
import type { ConnectionView } from "@/lib/connections/schema";
import { useDryRun } from "../../_client/use-dry-run";
import { usePause } from "../../_client/use-pause";
import { useRetry } from "../../_client/use-retry";
import { useRunRequest } from "../../_client/use-run-request";
import { useSyncNow } from "../../_client/use-sync-now";

/** The connection's name, its state, and what it can be asked to do. */
export function ConnectionHeader({ connection, now }: { connection: ConnectionView; now: number }) {
  const [isAsking, setAsking] = useState(false);
  const sync = useSyncNow();
  const pause = usePause(connection);
  const retry = useRetry(connection.id);
  const startDryRun = useDryRun();
  const request = useRunRequest();
  const canSync = connection.pausedAt === null && !isAtWork(connection);
  useShortcut("s", canSync ? () => sync.mutate(connection) : null);

  const reread = async () => {
    const answer = await request(connection.id, { kind: "reread" });
    if (!answer.ok) return answer.message;
    toast.success(`Reading everything in ${connectionName(connection)} again`);
    return null;
  };
  return (
    <>
      <PageHeader
        trail={[{ href: "/connections", label: "Connections" }]}
        title={<ShownText text={connectionName(connection)} />}
        facts={<ConnectionFacts connection={connection} />}
        actions={
          <>
            <ConnectionBadge state={connectionState(connection, now)} />
            <ConnectionActions
              connection={connection}
              isPauseBusy={pause.isPending}
              onSync={() => sync.mutate(connection)}
              onReread={() => setAsking(true)}
              onPlan={() => void startDryRun(connection.id)}
              onRetry={() => retry.mutate(null)}
              onPause={() => pause.mutate(true)}
              onResume={() => pause.mutate(false)}
            />
          </>
        }
      />
      <RereadDialog connection={connection} isOpen={isAsking} onOpenChange={setAsking} onReread={reread} />
    </>
  );
}
