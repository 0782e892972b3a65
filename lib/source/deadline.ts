/**
 * Runs `work` with a signal that fires when the caller's does or after `timeoutMs`, whichever comes first.
 *
 * Rejects with the caller's own reason on abort and with `onTimeout()` on time-out, at once, even where `work`
 * does not listen. Leaves no listener on a signal that outlives it: a run's signal sees thousands of calls.
 */
export async function withDeadline<T>(
  args: { signal: AbortSignal; timeoutMs: number; onTimeout: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  args.signal.throwIfAborted();
  const controller = new AbortController();
  const forward = () => controller.abort(args.signal.reason);
  args.signal.addEventListener("abort", forward, { once: true });
  const timer = setTimeout(() => controller.abort(args.onTimeout()), args.timeoutMs);
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  try {
    return await Promise.race([ended, work(controller.signal)]);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    args.signal.removeEventListener("abort", forward);
  }
}
