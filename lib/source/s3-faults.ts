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
    IllegalLocationConstraintException: "region",
    InvalidRegion: "region",
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
  return FAULT_OF_CODE.get(codeOf(thrown)) ?? FAULT_OF_STATUS[statusOf(thrown) ?? 0] ?? "failing";
}

/** The HTTP status of an SDK error, or null where no answer came. */
export function statusOf(thrown: unknown): number | null {
  const status = field(field(thrown, "$metadata"), "httpStatusCode");
  return typeof status === "number" ? status : null;
}

/** The region that the store says is the right one, or null. Only what looks like a region is believed. */
export function regionNamedBy(thrown: unknown): string | null {
  const header = field(field(field(thrown, "$response"), "headers"), "x-amz-bucket-region");
  const fromEndpoint = /\bs3[.-]([a-z0-9-]+)\.amazonaws\.com/.exec(
    String(field(thrown, "Endpoint") ?? ""),
  )?.[1];
  for (const candidate of [field(thrown, "Region"), header, fromEndpoint]) {
    if (typeof candidate === "string" && /^[a-z0-9-]{2,63}$/i.test(candidate)) return candidate;
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

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
