import { invalidInput } from "@/lib/core/errors";

/** A segment of the path as it was meant. Next.js hands it on percent-encoded. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidInput("id", "is not a well-formed part of an address");
  }
}
