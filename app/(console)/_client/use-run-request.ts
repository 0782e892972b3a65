"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { FormAnswer } from "@/components/form/form-answer";
import type { GrantedWish, RunWish } from "@/lib/use-cases/request-run";
import { requestRunAction } from "../runs/actions";
import { asked } from "./answer-of";
import { connectionKeys } from "./connection-queries";

/** Asks for a run; resolves to how that was met, or to the sentence that says why it could not be. */
export function useRunRequest() {
  const client = useQueryClient();
  return async (connectionId: string, wish: RunWish): Promise<FormAnswer<GrantedWish>> => {
    const answer = await asked(requestRunAction({ connectionId, wish }));
    await client.invalidateQueries({ queryKey: connectionKeys.all });
    return answer;
  };
}
