import { performance } from "node:perf_hooks";
import { BUSY_MEASURED_MS, BUSY_SHARE_MAX } from "@/lib/core/limits";

/**
 * Tells whether this process has time for more than it does. Where it has none, what it waits for has mostly come, and
 * waits for it: asking for more at once would gain nothing.
 */
export function openSpareTime(measure = () => performance.eventLoopUtilization()): () => boolean {
  let before = measure();
  let last = before;
  setInterval(() => {
    before = last;
    last = measure();
  }, BUSY_MEASURED_MS).unref();
  return () => {
    const now = measure();
    const active = now.active - before.active;
    const all = active + now.idle - before.idle;
    return active < all * BUSY_SHARE_MAX;
  };
}
