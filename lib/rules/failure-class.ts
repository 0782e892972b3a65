import type { ErrorCode } from "@/lib/core/errors";

/** What kind of trouble an object or a run met, for people and programs that sort failures. */
export const FAILURE_CLASSES = [
  "auth",
  "denied",
  "throttled",
  "unreachable",
  "timeout",
  "changed_while_reading",
  "too_large",
  "extract_failed",
  "invalid_container_tag",
  "destination",
  "internal",
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** Codes that no object fails with are `internal`: should one ever do, the trouble is ours. */
const CLASS_OF: Record<ErrorCode, FailureClass> = {
  source_auth: "auth",
  source_denied: "denied",
  object_denied: "denied",
  source_throttled: "throttled",
  source_unreachable: "unreachable",
  bucket_missing: "unreachable",
  listing_disorder: "unreachable",
  source_timeout: "timeout",
  extract_timeout: "timeout",
  object_changed: "changed_while_reading",
  object_missing: "changed_while_reading",
  object_too_large: "too_large",
  extract_failed: "extract_failed",
  invalid_container_tag: "invalid_container_tag",
  destination: "destination",
  invalid_input: "internal",
  unauthorized: "internal",
  forbidden: "internal",
  not_found: "internal",
  conflict: "internal",
  object_archived: "internal",
  rate_limited: "internal",
  unsupported: "internal",
  lease_lost: "internal",
  internal: "internal",
};

/** The class of a code as it was stored; one that this version does not know is `internal`. */
export function failureClassOf(code: string | null): FailureClass {
  const known = Object.entries(CLASS_OF).find(([name]) => name === code);
  return known?.[1] ?? "internal";
}
