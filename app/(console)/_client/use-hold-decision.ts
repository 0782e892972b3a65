"use client";

import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { HoldDecision } from "@/components/connections/hold-banner";
import type { ConnectionView, HoldView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { settleHoldAction } from "../connections/actions";
import { problemOf } from "./answer-of";
import { connectionKeys } from "./connection-queries";

/**
 * Applies or dismisses removals on hold, those that were shown and no others; resolves to null, or to why that could
 * not be.
 */
export function useHoldDecision() {
  const client = useQueryClient();
  return async (
    connection: ConnectionView,
    decision: HoldDecision,
    { runId, keyCount }: HoldView,
  ): Promise<string | null> => {
    const problem = await problemOf(settleHoldAction({ connectionId: connection.id, runId, decision }));
    // Also what was refused: then the page shows a list that waits no more.
    await client.invalidateQueries({ queryKey: connectionKeys.all });
    if (problem !== null) return problem;
    const documents = countOf(keyCount, "document");
    toast.success(decision === "apply" ? `Removing ${documents}` : `Keeping ${documents}`);
    return null;
  };
}
