import { S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import {
  S3_ATTEMPTS_MAX,
  S3_CONNECT_TIMEOUT_MS,
  S3_REQUEST_TIMEOUT_MS,
  S3_SOCKETS_MAX,
} from "@/lib/core/limits";
import { parseAllowList } from "./address-rules";
import { resolveTarget } from "./endpoint";
import { guardedAgents, type ResolveHost, resolveWithSystem } from "./guarded-agent";
import type { SourceSettings } from "./source";

export type S3Timeouts = {
  /** Name, TCP and TLS. */
  connectMs: number;
  /** Until the first byte of one answer. */
  requestMs: number;
  /** Between two pieces of one answer. */
  idleMs: number;
  /** One call of ours with all its attempts, waits and its body. */
  callMs: number;
};

export type S3Options = {
  /** `SLUICE_ALLOW_ENDPOINTS`, or null where it is unset. */
  allowEndpoints: string | null;
  attemptsMax?: number;
  timeouts?: Partial<S3Timeouts>;
  resolve?: ResolveHost;
};

/** One bucket with the client that reaches it, and the names that sentences about it need. */
export type S3Session = {
  client: S3Client;
  bucket: string;
  /** The host as people know it: that of the endpoint, without the bucket. */
  host: string;
  region: string;
  timeouts: S3Timeouts;
};

const TIMEOUTS: S3Timeouts = {
  connectMs: S3_CONNECT_TIMEOUT_MS,
  requestMs: S3_REQUEST_TIMEOUT_MS,
  idleMs: S3_REQUEST_TIMEOUT_MS,
  callMs: S3_REQUEST_TIMEOUT_MS * S3_ATTEMPTS_MAX,
};

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Opens nothing yet: sockets come with the first request. Throws `invalid_input` for settings that cannot be.
 *
 * Whatever the SDK would read from the machine's environment or `~/.aws` (endpoint, FIPS, retries) is given here,
 * so that a connection means the same on every machine. The client is closed with `client.destroy()`.
 */
export function openS3Session(settings: SourceSettings, options: S3Options): S3Session {
  const { endpoint, region } = resolveTarget(settings);
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const client = new S3Client({
    endpoint: endpoint.url,
    region,
    forcePathStyle: settings.addressingStyle === "path",
    credentials: settings.credentials,
    maxAttempts: options.attemptsMax ?? S3_ATTEMPTS_MAX,
    retryMode: "standard",
    // Streams with trailers are refused or garbled by many servers that are not AWS.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    followRegionRedirects: false,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    useAccelerateEndpoint: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    defaultsMode: "standard",
    logger: silent,
    requestHandler: requestHandler(options, timeouts),
  });
  return { client, bucket: settings.bucket, host: endpoint.host, region, timeouts };
}

function requestHandler(options: S3Options, timeouts: S3Timeouts): NodeHttpHandler {
  const guard = {
    allow: parseAllowList(options.allowEndpoints),
    resolve: options.resolve ?? resolveWithSystem,
  };
  const agents = guardedAgents(guard, { keepAlive: true, maxSockets: S3_SOCKETS_MAX });
  return new NodeHttpHandler({
    httpAgent: agents.http,
    httpsAgent: agents.https,
    connectionTimeout: timeouts.connectMs,
    requestTimeout: timeouts.requestMs,
    // Without this a request that takes too long is only warned about.
    throwOnRequestTimeout: true,
    socketTimeout: timeouts.idleMs,
    logger: silent,
  });
}
