"use client";

import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { countOf } from "@/lib/rules/format";
import { useRunRequest } from "./use-run-request";

/** Tries failed objects of a connection again: those with these keys, or all of them for null. */
export function useRetry(connectionId: string) {
  const request = useRunRequest();
  return useMutation({
    mutationFn: async (keys: readonly string[] | null) => {
      const wish = keys === null ? { kind: "retry" as const } : { kind: "retry" as const, keys: [...keys] };
      const answer = await request(connectionId, wish);
      if (!answer.ok) throw new Error(answer.message);
      return answer.value;
    },
    onSuccess: ({ run, retried = 0 }) => {
      if (run === null) toast("Nothing to try again", { description: "It is not failed any more." });
      else toast.success(`Trying ${countOf(retried, "object")} again`);
    },
    onError: (error) => toast.error("Nothing is tried again", { description: error.message }),
  });
}
