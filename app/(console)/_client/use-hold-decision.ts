"use client";

import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { HoldDecision } from "@/components/connections/hold-banner";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { settleHoldAction } from "../connections/actions";
import { problemOf } from "./answer-of";
import { connectionKeys } from "./connection-queries";

/** Applies or dismisses a connection's hold; resolves to null, or to why that could not be. */
export function useHoldDecision() {
  const client = useQueryClient();
  return async (connection: ConnectionView, decision: HoldDecision): Promise<string | null> => {
    if (connection.hold === null) return null;
    const { id, keyCount } = connection.hold;
    const problem = await problemOf(settleHoldAction({ id, decision }));
    if (problem !== null) return problem;
    const documents = countOf(keyCount, "document");
    toast.success(decision === "apply" ? `Removing ${documents}` : `Keeping ${documents}`);
    await client.invalidateQueries({ queryKey: connectionKeys.all });
    return null;
  };
}
