import { formatBytes, formatCount } from "@/lib/rules/format";

/** A size in kB or MB; the exact bytes on hover. */
export function SizedNumber({ bytes }: { bytes: number }) {
  return (
    <span title={`${formatCount(bytes)} bytes`} className="tabular-nums">
      {formatBytes(bytes)}
    </span>
  );
}
