/** Tells when another child may start beside those there are. */
export type ChildStarts = {
  /** A child is starting: until it is there, nobody can have waited for it in vain. */
  begin(): void;
  /** It is there, or will not be. */
  end(): void;
  /** Whether something has waited, since `waitsSince`, for long enough. If not yet, `lookAgain` is called then. */
  mayStart(waitsSince: number): boolean;
};

/** Times are those of `performance.now`. */
export function openChildStarts(awaitedMs: number, lookAgain: () => void): ChildStarts {
  let readyAt: number | null = 0;
  let isLooking = false;
  return {
    begin: () => {
      readyAt = null;
    },
    end: () => {
      readyAt = performance.now();
    },
    mayStart: (waitsSince) => {
      if (readyAt === null) return false;
      const earlyMs = Math.max(waitsSince, readyAt) + awaitedMs - performance.now();
      if (earlyMs <= 0) return true;
      if (isLooking) return false;
      isLooking = true;
      setTimeout(() => {
        isLooking = false;
        lookAgain();
      }, earlyMs).unref();
      return false;
    },
  };
}
