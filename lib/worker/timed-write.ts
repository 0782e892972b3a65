import type { Tx } from "@/lib/db/database";
import type { Write } from "@/lib/destination/destination";

/**
 * Does the work in one transaction; resolves with how many milliseconds that was open. Waiting for its turn is no part
 * of it.
 */
export async function timedWrite(
  write: Write,
  work: (tx: Tx) => Promise<void>,
  monotonicMs = () => performance.now(),
): Promise<number> {
  let openedAt = monotonicMs();
  await write((tx) => {
    openedAt = monotonicMs();
    return work(tx);
  });
  return monotonicMs() - openedAt;
}
