import { invalidInput } from "@/lib/core/errors";

/**
 * The last segment of a request's path as its sender meant it. Taken from the address itself: of the parameter that
 * Next.js hands on, a percent sign cannot be told from the start of an escape.
 */
export function lastSegment(request: Request): string {
  const segment = new URL(request.url).pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidInput("id", "is not a well-formed part of an address");
  }
}
