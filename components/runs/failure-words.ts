import { STAGE_LABELS } from "@/components/flow-bar/stage-looks";
import type { FailureClass } from "@/lib/rules/failure-class";
import type { FailureView } from "@/lib/sync-runs/schema";

export const FAILURE_WORDS: Record<FailureClass, string> = {
  auth: "Credentials refused",
  denied: "Not allowed to read",
  throttled: "The store asked to slow down",
  unreachable: "The store did not answer as it should",
  timeout: "Took too long to read",
  changed_while_reading: "Changed while it was read",
  too_large: "Too large to read",
  extract_failed: "The text cannot be taken out",
  invalid_container_tag: "The tag regex gives no valid tag",
  destination: "Could not be stored",
  internal: "A fault of Sluice; its log says more",
};

export function failureStage({ stage }: Pick<FailureView, "stage">): string {
  return stage === null ? "—" : STAGE_LABELS[stage];
}

/** When an object is tried again: at a time, with the next run, or not before something changes. */
export type NextTry = { kind: "at"; at: number } | { kind: "next_run" } | { kind: "on_change" };

export function nextTry({ nextTryAt }: Pick<FailureView, "nextTryAt">, now: number): NextTry {
  if (nextTryAt === null) return { kind: "on_change" };
  return nextTryAt <= now ? { kind: "next_run" } : { kind: "at", at: nextTryAt };
}
