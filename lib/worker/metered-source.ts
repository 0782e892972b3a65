import type { RunCost } from "@/lib/db/sql/run-progress";
import type { ObjectSource } from "@/lib/source/source";
import type { MeteredPace } from "@/lib/sync/request-pace";
import type { StageClock } from "@/lib/sync/stages";

/** What is spent on a run. It is taken away by whoever writes it down: one who works on the run or reads for it. */
export type CostMeter = {
  /** What was spent since the last call. */
  drainCost(): RunCost;
  /** It could not be written down: it is drained again. */
  giveBackCost(cost: RunCost): void;
};

/** A source whose answers are measured. */
export type MeteredSource = CostMeter & { source: ObjectSource };

/**
 * Has what was spent written down; what is not is left for the next who does. `write` resolves with whether it was the
 * caller's to write, and so does this.
 */
export async function writeCost(
  meter: CostMeter,
  write: (cost: RunCost) => Promise<boolean>,
): Promise<boolean> {
  const cost = meter.drainCost();
  let isWritten = false;
  try {
    isWritten = await write(cost);
  } finally {
    if (!isWritten) meter.giveBackCost(cost);
  }
  return isWritten;
}

/**
 * Counts the bytes of listings on their way; requests, and the bytes of objects as they were sent, are counted by the
 * pace.
 */
export function meteredSource(
  opened: ObjectSource,
  meters: { pace: MeteredPace; stages: StageClock },
): MeteredSource {
  let bytesListed = 0;
  let givenBack: RunCost[] = [];
  const source: ObjectSource = {
    listPage: async (args) => {
      const page = await opened.listPage(args);
      bytesListed += page.bytes;
      return page;
    },
    read: (args) => opened.read(args),
    findings: () => opened.findings(),
    close: () => opened.close(),
  };
  return {
    source,
    drainCost: () => {
      const { list, get, retried, throttled, bytesRead } = meters.pace.drain();
      const cost: RunCost = {
        listRequests: list,
        getRequests: get,
        retriedRequests: retried,
        throttledAnswers: throttled,
        bytesListed,
        bytesRead,
        stageMs: meters.stages.drain(),
      };
      bytesListed = 0;
      const drained = givenBack.reduce(sumOf, cost);
      givenBack = [];
      return drained;
    },
    giveBackCost: (cost) => void givenBack.push(cost),
  };
}

function sumOf(left: RunCost, right: RunCost): RunCost {
  const stageMs: Record<string, number> = { ...left.stageMs };
  for (const [stage, ms] of Object.entries(right.stageMs)) stageMs[stage] = (stageMs[stage] ?? 0) + ms;
  return {
    listRequests: left.listRequests + right.listRequests,
    getRequests: left.getRequests + right.getRequests,
    retriedRequests: left.retriedRequests + right.retriedRequests,
    throttledAnswers: left.throttledAnswers + right.throttledAnswers,
    bytesListed: left.bytesListed + right.bytesListed,
    bytesRead: left.bytesRead + right.bytesRead,
    stageMs,
  };
}
