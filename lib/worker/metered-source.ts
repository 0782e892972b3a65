import type { ObjectSource } from "@/lib/source/source";

/** What a run has asked of the store. */
export type Meter = { listRequests: number; getRequests: number; bytesRead: number };

/** Counts requests and bytes on their way; nothing else changes. */
export function meteredSource(source: ObjectSource, meter: Meter): ObjectSource {
  return {
    listPage: (args) => {
      meter.listRequests += 1;
      return source.listPage(args);
    },
    read: async (args) => {
      meter.getRequests += 1;
      const result = await source.read(args);
      if (result.outcome === "read") meter.bytesRead += result.bytes.byteLength;
      return result;
    },
    close: () => source.close(),
  };
}
