/** Every way Sluice can say no. Doors translate a code; they never invent one. */
export const ERROR_CODES = [
  "invalid_input",
  "unauthorized",
  "forbidden",
  "not_found",
  "conflict",
  "rate_limited",
  "unsupported",
  "source_auth",
  "source_denied",
  "bucket_missing",
  "source_unreachable",
  "source_throttled",
  "source_timeout",
  "listing_disorder",
  "object_missing",
  "object_changed",
  "object_too_large",
  "object_denied",
  "object_archived",
  "extract_failed",
  "extract_timeout",
  "invalid_container_tag",
  "destination",
  "lease_lost",
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What the caller does next: try the same thing again later, leave this one thing out, or end the whole piece of work. */
export type ErrorEffect = "retry" | "skip" | "stop";

export type SluiceErrorArgs = {
  code: ErrorCode;
  effect: ErrorEffect;
  /** What happened, to which named thing, and what to do. Shown to people: no secret, no vendor body. */
  message: string;
  /** A second sentence for the API's `details`. */
  details?: string;
  cause?: unknown;
};

export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly effect: ErrorEffect;
  readonly details: string | undefined;

  constructor(args: SluiceErrorArgs) {
    super(args.message, { cause: args.cause });
    this.name = "SluiceError";
    this.code = args.code;
    this.effect = args.effect;
    // A sentence that says everything stands once.
    this.details = args.details === args.message ? undefined : args.details;
  }
}

/** A refusal of what was sent: `field` is where it stands, as the sender wrote it (`metadata.bucket`). */
export function invalidInput(field: string, sentence: string): SluiceError {
  return new SluiceError({
    code: "invalid_input",
    effect: "stop",
    message: "Invalid request parameters",
    details: `${field}: ${sentence}`,
  });
}

/** `noun` is capitalized as the API shows it: `Connection`, `Document`. */
export function notFound(noun: string): SluiceError {
  return new SluiceError({ code: "not_found", effect: "stop", message: `${noun} not found` });
}

/** A refusal because of how things stand: the same request may be right later. */
export function conflict(sentence: string): SluiceError {
  return new SluiceError({ code: "conflict", effect: "stop", message: sentence });
}

/** Narrows anything thrown to a SluiceError; what Sluice does not know becomes `internal` and keeps its cause. */
export function asSluiceError(thrown: unknown): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  return new SluiceError({
    code: "internal",
    effect: "stop",
    message: "Something went wrong inside Sluice; its log says what.",
    cause: thrown,
  });
}
