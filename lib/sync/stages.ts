/** What a run spends its time on. `wait`: for places, for a slower pace, and for what others read. */
export const STAGES = ["list", "compare", "fetch", "extract", "store", "wait"] as const;
export type Stage = (typeof STAGES)[number];

/** Milliseconds by stage. What goes on at once is summed, so a stage may be longer than the run. */
export type StageTimes = Partial<Record<Stage, number>>;

/** Measures stages until somebody takes the sums away. */
export type StageClock = {
  time<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
  /** What it measures by. */
  monotonicMs(): number;
  /** What was measured since the last call, in whole milliseconds. */
  drain(): StageTimes;
};

/** `monotonicMs` never goes back, whatever is done to the machine's clock. */
export function openStageClock(monotonicMs: () => number = () => performance.now()): StageClock {
  let sums = new Map<Stage, number>();
  return {
    monotonicMs,
    time: async (stage, work) => {
      const startedAt = monotonicMs();
      try {
        return await work();
      } finally {
        sums.set(stage, (sums.get(stage) ?? 0) + monotonicMs() - startedAt);
      }
    },
    drain: () => {
      const whole: StageTimes = {};
      const rest = new Map<Stage, number>();
      for (const [stage, sum] of sums) {
        const ms = Math.floor(sum);
        if (ms > 0) whole[stage] = ms;
        rest.set(stage, sum - ms);
      }
      sums = rest;
      return whole;
    },
  };
}
