import { setTimeout as pause } from "node:timers/promises";
import { SluiceError } from "@/lib/core/errors";
import { LIST_PATIENCE_MS } from "@/lib/core/limits";
import type { ObjectSource } from "./source";

/**
 * A source whose pages are asked for again, after ever longer pauses, when the store is out of reach: a listing of a
 * million keys does not end over the restart of a store. Reads are not: objects have tries of their own.
 */
export function patientSource(
  source: ObjectSource,
  pausesMs: readonly number[] = LIST_PATIENCE_MS,
): ObjectSource {
  return {
    listPage: async (args) => {
      for (const pauseMs of pausesMs) {
        try {
          return await source.listPage(args);
        } catch (thrown) {
          args.signal.throwIfAborted();
          if (!isOutOfReach(thrown)) throw thrown;
        }
        await pause(pauseMs, undefined, { signal: args.signal }).catch(() => args.signal.throwIfAborted());
      }
      return source.listPage(args);
    },
    read: (args) => source.read(args),
    findings: () => source.findings(),
    close: () => source.close(),
  };
}

function isOutOfReach(thrown: unknown): boolean {
  return thrown instanceof SluiceError && thrown.code === "source_unreachable" && thrown.effect === "retry";
}
