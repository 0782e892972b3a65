"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { RunView } from "@/lib/sync-runs/schema";
import { cancelRunAction } from "../runs/actions";
import { problemOf } from "./answer-of";
import { connectionKeys } from "./connection-queries";
import { runKeys } from "./run-queries";

/** Ends a run. One that waits is canceled at once; one under way ends in a moment and keeps what it has done. */
export function useCancelRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, connectionId }: RunView) => {
      const problem = await problemOf(cancelRunAction({ id, connectionId }));
      if (problem !== null) throw new Error(problem);
    },
    onError: (error) => toast.error("The run was not canceled", { description: error.message }),
    onSettled: (_answer, _error, { id }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: runKeys.one(id) }),
        client.invalidateQueries({ queryKey: connectionKeys.all }),
      ]),
  });
}
