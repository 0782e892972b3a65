"use client";

import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { connectionName } from "@/components/connections/connection-state";
import type { ConnectionRunFacts, ConnectionView } from "@/lib/connections/schema";
import { EMPTY_TALLY } from "@/lib/rules/tally";
import { requestRunAction } from "../runs/actions";
import { asked } from "./answer-of";
import { connectionKeys } from "./connection-queries";

/** "Sync now": the badge turns to running with the press; a refusal turns it back and says why. */
export function useSyncNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (connection: ConnectionView) => {
      const answer = await asked(requestRunAction({ connectionId: connection.id, wish: { kind: "sync" } }));
      if (!answer.ok) throw new Error(answer.message);
    },
    onMutate: async (connection) => {
      await client.cancelQueries({ queryKey: connectionKeys.all });
      setLastRun(client, connection.id, startedNow());
    },
    onError: (error, connection) => {
      setLastRun(client, connection.id, connection.lastRun);
      toast.error(`${connectionName(connection)} could not be synced`, { description: error.message });
    },
    onSettled: () => client.invalidateQueries({ queryKey: connectionKeys.all }),
  });
}

/** What the row will be in a moment. Its numbers are nought, which they are. */
function startedNow(): ConnectionRunFacts {
  const now = Date.now();
  return {
    id: "starting",
    status: "running",
    trigger: "manual",
    queuedAt: now,
    startedAt: now,
    completedAt: null,
    listedAt: null,
    errorCode: null,
    error: null,
    tally: EMPTY_TALLY,
    getRequests: 0,
    bytesRead: 0,
  };
}

function setLastRun(client: QueryClient, id: string, lastRun: ConnectionRunFacts | null): void {
  client.setQueryData<ConnectionView[]>(connectionKeys.all, (all) =>
    all?.map((one) => (one.id === id ? { ...one, lastRun } : one)),
  );
  client.setQueryData<ConnectionView>(connectionKeys.one(id), (one) => one && { ...one, lastRun });
}
