import type { RunCost } from "@/lib/db/sql/run-progress";
import type { ObjectSource } from "@/lib/source/source";
import type { MeteredPace } from "@/lib/sync/request-pace";
import type { StageClock } from "@/lib/sync/stages";

/** A source whose answers are measured; what was spent is taken away by whoever writes a run's progress. */
export type MeteredSource = { source: ObjectSource; drainCost(): RunCost };

/**
 * Counts the bytes of listings on their way; requests, and the bytes of objects as they were sent, are counted by the
 * pace.
 */
export function meteredSource(
  opened: ObjectSource,
  meters: { pace: MeteredPace; stages: StageClock },
): MeteredSource {
  let bytesListed = 0;
  const source: ObjectSource = {
    listPage: async (args) => {
      const page = await opened.listPage(args);
      bytesListed += page.bytes;
      return page;
    },
    read: (args) => opened.read(args),
    foundRegion: () => opened.foundRegion(),
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
      return cost;
    },
  };
}
