import type { ObjectSource, RequestPace } from "@/lib/source/source";

/** A source whose every call is one request of the pace, as S3's are. */
export function pacedSource(present: () => ObjectSource, pace: RequestPace): ObjectSource {
  return {
    listPage: async (args) => {
      await pace.admit("list", args.signal);
      return present()
        .listPage(args)
        .finally(() => pace.settle("list", "answered", null, 1));
    },
    read: async (args) => {
      await pace.admit("get", args.signal);
      const result = await present()
        .read(args)
        .finally(() => pace.settle("get", "answered", null, 1));
      if (result.outcome === "read") pace.receive(result.bytes.byteLength);
      return result;
    },
    findings: () => present().findings(),
    close: () => {},
  };
}
