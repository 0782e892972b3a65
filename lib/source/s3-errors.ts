import { type ErrorCode, type ErrorEffect, SluiceError } from "@/lib/core/errors";
import { isTimeout, networkSentence } from "./network-errors";
import { codeOf, type Fault, faultOf, regionNamedBy, statusOf } from "./s3-faults";

/** What was being asked, for the sentence. */
export type S3Call = {
  operation: "list" | "read";
  bucket: string;
  host: string;
  region: string;
  /** Who asked, as a sentence begins with it. */
  asker: string;
};

type Verdict = { code: ErrorCode; effect: ErrorEffect; message: string; details: string };

/**
 * Anything the SDK throws, as ours: by the vendor's code, then by the HTTP status, then by the network's code.
 * The vendor's words reach no one; they stay in `cause` for the log's stack.
 *
 *   fault      list                        read
 *   auth       source_auth      stop       the same
 *   denied     source_denied    stop       object_denied    skip
 *   bucket     bucket_missing   stop       the same
 *   missing    bucket_missing   stop       object_missing   skip
 *   archived   source_unreachable retry    object_archived  skip
 *   region     invalid_input    stop       the same, naming the right region where the store tells it
 *   throttled  source_throttled retry      the same
 *   too slow   source_unreachable retry    source_timeout   retry
 *   the rest   source_unreachable retry    the same
 */
export function translateS3Error(thrown: unknown, call: S3Call): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const status = statusOf(thrown);
  const network = status === null ? networkSentence(thrown, call.host) : null;
  if (network !== null) {
    const isSlowRead = call.operation === "read" && isTimeout(thrown);
    return isSlowRead ? timedOut(network, thrown) : unreachable(network, thrown);
  }
  const fault = faultOf(thrown);
  return new SluiceError({ ...judge(fault, thrown, call), cause: thrown });
}

/** The store's answer was not one that S3 gives. */
export function notS3(call: S3Call, cause?: unknown): SluiceError {
  return unreachable(`What answers at "${call.host}" does not speak S3; check the endpoint.`, cause);
}

export function unreachable(sentence: string, cause?: unknown): SluiceError {
  return passing("source_unreachable", sentence, cause);
}

/** The store began to answer a read, or might have, but took too long. */
export function timedOut(sentence: string, cause?: unknown): SluiceError {
  return passing("source_timeout", sentence, cause);
}

function passing(code: ErrorCode, sentence: string, cause: unknown): SluiceError {
  return new SluiceError({ code, effect: "retry", message: sentence, details: sentence, cause });
}

function judge(fault: Fault, thrown: unknown, call: S3Call): Verdict {
  const isRead = call.operation === "read";
  const { bucket, host, asker } = call;
  switch (fault) {
    case "auth":
      return {
        code: "source_auth",
        effect: "stop",
        message: "Authentication failed",
        details: authDetails(thrown, host),
      };
    case "clock":
      return authVerdict(
        "The clock of this server and the store's differ by more than the store accepts; set this server's clock.",
      );
    case "denied":
      return isRead
        ? denied(
            "object_denied",
            "skip",
            `${asker} may not read this object: allow s3:GetObject on the bucket "${bucket}", and kms:Decrypt where objects are encrypted with a key of your own.`,
          )
        : denied(
            "source_denied",
            "stop",
            `${asker} may not list the bucket "${bucket}": allow s3:ListBucket on it, and check the bucket's policy.`,
          );
    case "archived":
      if (!isRead) return failing(thrown, call);
      return {
        code: "object_archived",
        effect: "skip",
        message: "The object is archived",
        details: "Restore it from the archive to have it read.",
      };
    case "region":
      return {
        code: "invalid_input",
        effect: "stop",
        message: "Invalid request parameters",
        details: `metadata.region: ${regionDetails(thrown, call)}`,
      };
    case "name":
      return {
        code: "invalid_input",
        effect: "stop",
        message: "Invalid request parameters",
        details: `metadata.bucket: "${host}" does not accept "${bucket}" as a bucket's name.`,
      };
    case "throttled":
      return {
        code: "source_throttled",
        effect: "retry",
        message: `"${host}" asks for fewer requests`,
        details: "Sluice goes on later by itself.",
      };
    case "missing":
      if (isRead)
        return {
          code: "object_missing",
          effect: "skip",
          message: "The object is gone",
          details: "It was listed, but is no longer there.",
        };
      return bucketMissing(call);
    case "bucket":
      return bucketMissing(call);
    case "failing":
      return failing(thrown, call);
  }
}

function authVerdict(details: string): Verdict {
  return { code: "source_auth", effect: "stop", message: "Authentication failed", details };
}

function denied(code: ErrorCode, effect: ErrorEffect, details: string): Verdict {
  return { code, effect, message: "Access denied", details };
}

function bucketMissing({ bucket, host, region }: S3Call): Verdict {
  const details = `There is no bucket "${bucket}" at "${host}" (region ${region}); check its name, the endpoint and the region.`;
  return { code: "bucket_missing", effect: "stop", message: "Bucket not found", details };
}

function failing(thrown: unknown, call: S3Call): Verdict {
  const status = statusOf(thrown);
  const verb = call.operation === "list" ? "list the bucket" : "read an object";
  const sentence = failingSentence(status, codeOf(thrown), call.host, verb);
  return { code: "source_unreachable", effect: "retry", message: sentence, details: sentence };
}

function failingSentence(status: number | null, code: string, host: string, verb: string): string {
  if (status === null) return `Sluice could not ${verb} at "${host}"; the connection broke.`;
  if (status < 300) return `What answers at "${host}" does not speak S3; check the endpoint.`;
  if (status < 400 && status !== 304)
    return `"${host}" answers with a redirect (${status}), which Sluice does not follow; check the endpoint and the region.`;
  const named =
    /^[A-Za-z]{3,64}$/.test(code) && code !== "Unknown" && code !== "Error"
      ? `${status} ${code}`
      : `${status}`;
  return `"${host}" answered ${named} when asked to ${verb}.`;
}

function authDetails(thrown: unknown, host: string): string {
  const code = codeOf(thrown);
  if (code === "InvalidAccessKeyId")
    return `"${host}" does not know this access key; check the access key ID, and that it belongs to this service.`;
  if (code === "SignatureDoesNotMatch")
    return "The secret does not belong to the access key; enter the secret access key again.";
  if (code === "ExpiredToken" || code === "InvalidToken")
    return "The session token has expired or is not valid; enter fresh credentials.";
  return `"${host}" refuses the access key or its secret; check both.`;
}

function regionDetails(thrown: unknown, { bucket, host, region }: S3Call): string {
  const right = regionNamedBy(thrown);
  if (right === null || right === region)
    return `"${host}" does not take the region "${region}" for the bucket "${bucket}"; enter the bucket's own region.`;
  return `the bucket "${bucket}" is in "${right}", not in "${region}"; enter "${right}".`;
}
