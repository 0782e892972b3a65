"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { connectionName } from "@/components/connections/connection-state";
import type { ConnectionView } from "@/lib/connections/schema";
import { pauseConnectionAction, resumeConnectionAction } from "../connections/actions";
import { problemOf } from "./answer-of";
import { connectionKeys } from "./connection-queries";

/** Pauses a connection (`true`) or resumes it. */
export function usePause(connection: ConnectionView) {
  const client = useQueryClient();
  const { id } = connection;
  return useMutation({
    mutationFn: async (isToPause: boolean) => {
      const change = isToPause ? pauseConnectionAction({ id }) : resumeConnectionAction({ id });
      const problem = await problemOf(change);
      if (problem !== null) throw new Error(problem);
    },
    onError: (error, isToPause) => {
      const what = isToPause ? "paused" : "resumed";
      toast.error(`${connectionName(connection)} was not ${what}`, { description: error.message });
    },
    onSettled: () => client.invalidateQueries({ queryKey: connectionKeys.all }),
  });
}
