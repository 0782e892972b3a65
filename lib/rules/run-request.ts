import type { RunKind } from "./run-status";

/** The runs of a connection that a request may meet; there is at most one of each. */
export type PresentRuns<Run> = {
  queued: Run | null;
  /** Only one that sees all that the asker sees: nothing listed yet, for the present settings, not to be canceled. */
  fresh: Run | null;
};

export type RequestAnswer<Run> =
  /** One more run is queued. */
  | { answer: "queue" }
  /** This run does what is asked. */
  | { answer: "join"; run: Run }
  /** It does, once it is of the kind that is asked. */
  | { answer: "turn"; run: Run }
  /** It takes the only place in the queue and does something else. */
  | { answer: "refuse"; run: Run };

type Verdict = "join" | "turn" | "refuse";

const QUEUED_MET: Record<RunKind, Record<RunKind, Verdict>> = {
  sync: { sync: "join", reread: "join", retry: "turn", plan: "refuse", apply: "refuse" },
  reread: { sync: "turn", reread: "join", retry: "turn", plan: "refuse", apply: "refuse" },
  retry: { sync: "join", reread: "join", retry: "join", plan: "refuse", apply: "refuse" },
  plan: { sync: "refuse", reread: "refuse", retry: "refuse", plan: "refuse", apply: "refuse" },
  apply: { sync: "refuse", reread: "refuse", retry: "refuse", plan: "refuse", apply: "refuse" },
};

/** Kinds that do what is asked for, too. */
const FRESH_JOINED: Record<RunKind, readonly RunKind[]> = {
  sync: ["sync", "reread"],
  reread: ["reread"],
  retry: ["sync", "reread"],
  plan: [],
  apply: [],
};

/**
 * How a request for a run is met. One run of a connection waits at a time:
 *
 *   asked    sync waits   reread waits   retry waits   plan or apply waits   none waits
 *   sync     joined       joined         turned        refused               queued *
 *   reread   turned       joined         turned        refused               queued *
 *   retry    joined       joined         joined        refused               queued *
 *   plan     refused      refused        refused       refused               queued
 *   apply    refused      refused        refused       refused               queued
 *
 * A retry reads failed objects alone, so it is no sync; a sync tries them, too. (*) Where a sync or a reread has begun
 * and nothing is listed yet, it is joined as if it waited, as long as that needs no turning.
 */
export function answerRequest<Run extends { kind: RunKind }>(
  asked: RunKind,
  { queued, fresh }: PresentRuns<Run>,
): RequestAnswer<Run> {
  if (queued !== null) return { answer: QUEUED_MET[asked][queued.kind], run: queued };
  const isJoined = fresh !== null && FRESH_JOINED[asked].includes(fresh.kind);
  return isJoined ? { answer: "join", run: fresh } : { answer: "queue" };
}
