"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { useRunRequest } from "./use-run-request";

/** Asks for a plan and opens its page, where it fills. */
export function useDryRun() {
  const request = useRunRequest();
  const router = useRouter();
  return async (connectionId: string): Promise<void> => {
    const answer = await request(connectionId, { kind: "plan" });
    if (!answer.ok) toast.error("There is no dry run", { description: answer.message });
    else if (answer.value.run !== null) router.push(`/runs/${answer.value.run.runId}`);
  };
}
