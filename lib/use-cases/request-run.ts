import type { Actor } from "@/lib/core/actor";
import type { Database } from "@/lib/db/database";
import { applyPlan } from "./apply-plan";
import { requestPlan } from "./request-plan";
import { type Requested, requestSync } from "./request-sync";
import { retryFailures } from "./retry-failures";

/** What a person or a program can ask a connection to do now. Without keys, a retry is of everything that failed. */
export type RunWish =
  | { kind: "sync" | "reread" }
  | { kind: "plan" }
  | { kind: "apply"; planRunId: string }
  | { kind: "retry"; keys?: string[] };

/** `run` is null when there was nothing to try again; the other two speak of a retry. */
export type GrantedWish = { run: Requested | null; retried?: number; unknownKeys?: string[] };

/** Asks for a run of any kind. Throws what the use case of that kind throws. */
export async function requestRun(args: {
  actor: Actor;
  write: Database["transaction"];
  input: { connectionId: string; wish: RunWish };
  now: number;
}): Promise<GrantedWish> {
  const { actor, write, now } = args;
  const { connectionId, wish } = args.input;
  switch (wish.kind) {
    case "sync":
    case "reread": {
      const input = { connectionId, kind: wish.kind };
      return { run: await write((tx) => requestSync({ actor, tx, input, now })) };
    }
    case "plan":
      return { run: await write((tx) => requestPlan({ actor, tx, input: { connectionId }, now })) };
    case "apply": {
      const input = { connectionId, planRunId: wish.planRunId };
      return { run: await write((tx) => applyPlan({ actor, tx, input, now })) };
    }
    case "retry":
      return retryFailures({ actor, write, input: { connectionId, keys: wish.keys ?? null }, now });
  }
}
