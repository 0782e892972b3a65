import { asSluiceError, type ErrorCode } from "@/lib/core/errors";
import type { Logger } from "@/lib/core/log";

/** What an error is called on the wire. Where it stands in the code never changes its status. */
const HTTP_STATUS: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unsupported: 501,
  source_auth: 401,
  source_denied: 403,
  bucket_missing: 404,
  source_unreachable: 400,
  source_throttled: 400,
  source_timeout: 400,
  listing_disorder: 400,
  object_missing: 404,
  object_changed: 409,
  object_too_large: 413,
  object_denied: 403,
  object_archived: 403,
  extract_failed: 422,
  extract_timeout: 422,
  invalid_container_tag: 422,
  destination: 502,
  lease_lost: 500,
  internal: 500,
};

/**
 * The one shape in which anything goes wrong: `{ error, details? }`.
 *
 * Supermemory's SDKs repeat a request three times on 409 and 5xx. What would fail the same way again says
 * `x-should-retry: false`.
 */
export function errorResponse(thrown: unknown, log: Logger): Response {
  const error = asSluiceError(thrown);
  const status = HTTP_STATUS[error.code];
  if (error.code === "internal")
    log.error({ err: error.cause ?? error }, "a request ended in an internal error");
  const headers: Record<string, string> = { "cache-control": "no-store" };
  if (error.effect !== "retry") headers["x-should-retry"] = "false";
  const body =
    error.details === undefined ? { error: error.message } : { error: error.message, details: error.details };
  return Response.json(body, { status, headers });
}
