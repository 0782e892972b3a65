import { isNetworkFailure } from "./network-errors";

/** What an answer's code or status means, whatever was asked. */
export type Fault =
  | "auth"
  | "clock"
  | "denied"
  | "bucket"
  | "missing"
  | "archived"
  | "region"
  | "throttled"
  | "failing"
  | "name";

/** Vendors' codes. Messages are never looked at: some stores send none, others send them translated. */
const FAULT_OF_CODE: ReadonlyMap<string, Fault> = new Map(
  Object.entries<Fault>({
    InvalidAccessKeyId: "auth",
    SignatureDoesNotMatch: "auth",
    ExpiredToken: "auth",
    ExpiredTokenException: "auth",
    InvalidToken: "auth",
    TokenRefreshRequired: "auth",
    InvalidSecurity: "auth",
    InvalidClientTokenId: "auth",
    AuthFailure: "auth",
    Unauthorized: "auth",
    RequestTimeTooSkewed: "clock",
    RequestExpired: "clock",
    AccessDenied: "denied",
    AllAccessDisabled: "denied",
    AccountProblem: "denied",
    NoSuchBucket: "bucket",
    NoSuchKey: "missing",
    InvalidBucketName: "name",
    InvalidObjectState: "archived",
    PermanentRedirect: "region",
    AuthorizationHeaderMalformed: "region",
    IllegalLocationConstraint: "region",
    IllegalLocationConstraintException: "region",
    InvalidRegion: "region",
    InvalidRegionName: "region",
    TemporaryRedirect: "failing",
    SlowDown: "throttled",
    SlowDownRead: "throttled",
    ServiceUnavailable: "throttled",
    Throttling: "throttled",
    ThrottlingException: "throttled",
    TooManyRequests: "throttled",
    TooManyRequestsException: "throttled",
    RequestLimitExceeded: "throttled",
    BandwidthLimitExceeded: "throttled",
    RequestTimeout: "failing",
    InternalError: "failing",
  }),
);

const FAULT_OF_STATUS: Readonly<Record<number, Fault>> = {
  401: "auth",
  403: "denied",
  404: "missing",
  429: "throttled",
  503: "throttled",
};

/** By the vendor's code, then by the status; what neither tells is `failing`. */
export function faultOf(thrown: unknown): Fault {
  const named = FAULT_OF_CODE.get(codeOf(thrown));
  if (named !== undefined) return named;
  const status = statusOf(thrown) ?? 0;
  // AWS names the bucket's region in a header, also where the answer has no body.
  const isElsewhere = (status === 301 || status === 400) && headerOf(thrown, "x-amz-bucket-region") !== null;
  return isElsewhere ? "region" : (FAULT_OF_STATUS[status] ?? "failing");
}

/** Whether the same request may well succeed a little later: nothing came back, or the store says that it is failing. */
export function isTransient(thrown: unknown): boolean {
  const status = statusOf(thrown);
  if (status === null) return isNetworkFailure(thrown);
  return (status >= 500 && status !== 501) || codeOf(thrown) === "RequestTimeout";
}

/** Whether the request was signed with a wrong time, which the next one will not be. */
export function isClockCorrected(thrown: unknown): boolean {
  return field(field(thrown, "$metadata"), "clockSkewCorrected") === true;
}

/** What `Retry-After` asks for, in seconds or as a date; null where it says nothing that is understood. */
export function retryAfterOf(thrown: unknown): number | null {
  const text = headerOf(thrown, "retry-after");
  if (text === null) return null;
  const waitMs = /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(waitMs) ? null : Math.max(waitMs, 0);
}

/** The HTTP status of an SDK error, or null where no answer came. */
export function statusOf(thrown: unknown): number | null {
  const status = field(field(thrown, "$metadata"), "httpStatusCode");
  return typeof status === "number" ? status : null;
}

/** The region that the store says is the right one, or null. Only what looks like a region is believed. */
export function regionNamedBy(thrown: unknown): string | null {
  const fromEndpoint = /\bs3[.-]([a-z0-9-]+)\.amazonaws\.com/.exec(
    String(field(thrown, "Endpoint") ?? ""),
  )?.[1];
  for (const candidate of [field(thrown, "Region"), headerOf(thrown, "x-amz-bucket-region"), fromEndpoint]) {
    if (typeof candidate === "string" && /^[a-z0-9][a-z0-9-]{1,62}$/i.test(candidate)) return candidate;
  }
  return null;
}

/** Models name errors themselves; what they do not know keeps the store's `Code`. */
export function codeOf(thrown: unknown): string {
  for (const candidate of [field(thrown, "Code"), field(thrown, "name")]) {
    if (typeof candidate === "string" && candidate !== "") return candidate;
  }
  return "";
}

function headerOf(thrown: unknown, name: string): string | null {
  const values = field(field(field(thrown, "$response"), "headers"), name);
  const value: unknown = Array.isArray(values) ? values[0] : values;
  return typeof value === "string" && value !== "" ? value : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
