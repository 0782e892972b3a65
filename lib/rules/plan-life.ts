import { PLAN_KEPT_MS } from "@/lib/core/limits";
import type { RunStatus } from "./run-status";

/** What decides whether a plan may be applied. Times are epoch milliseconds. */
export type PlanFacts = {
  status: RunStatus;
  completedAt: number | null;
  /** The connection's settings are those it was made for. */
  isCurrent: boolean;
  /** A run applies it, or has. */
  isApplied: boolean;
};

/** When a completed plan can no longer be applied; null before it is complete. */
export function planExpiresAt({
  status,
  completedAt,
}: Pick<PlanFacts, "status" | "completedAt">): number | null {
  return status === "completed" && completedAt !== null ? completedAt + PLAN_KEPT_MS : null;
}

/** Why a plan cannot be applied, in a sentence; null when it can. */
export function planProblem(facts: PlanFacts, now: number): string | null {
  const expiresAt = planExpiresAt(facts);
  if (facts.status === "queued" || facts.status === "running") return "This plan is not ready yet.";
  if (expiresAt === null)
    return "This plan did not complete, so there is nothing to apply. Ask for a new one.";
  if (facts.isApplied) return "This plan was applied already. Ask for a new one.";
  if (!facts.isCurrent) return "The connection was changed after this plan was made. Ask for a new one.";
  if (now >= expiresAt) return "This plan is older than 24 hours. Ask for a new one.";
  return null;
}
