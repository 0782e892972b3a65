import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import type { ConnectionPools } from "./connection-pool";
import { type Endpoint, needsPathStyle, resolveTarget } from "./endpoint";
import type { S3Identity } from "./identity";
import { LeanRequests } from "./s3-lean-requests";
import type { S3Requests } from "./s3-requests";
import { SdkRequests } from "./s3-sdk-requests";
import { openSigner } from "./s3-signer";
import type { S3Timeouts } from "./s3-timeouts";
import { silent } from "./sdk-transport";
import type { SourceSettings } from "./source";

/** The way to a bucket in one region. */
export type S3Reach = { region: string; endpoint: Endpoint; requests: S3Requests };

/** What all ways to a bucket share. */
export type ReachTools = {
  pools: ConnectionPools;
  transport: NodeHttpHandler;
  timeouts: S3Timeouts;
  /** Null signs nothing. */
  identity: S3Identity | null;
  isLean: boolean;
  now: () => number;
};

/**
 * Whatever the SDK would read from the machine's environment or `~/.aws` (endpoint, FIPS, retries) is given here,
 * so that a connection means the same on every machine. It sends each request once: `s3-attempts.ts` repeats.
 */
export function openReach(settings: SourceSettings, tools: ReachTools): S3Reach {
  const { bucket } = settings;
  const { endpoint, region } = resolveTarget(settings);
  const client = new S3Client({
    endpoint: endpoint.url,
    region,
    forcePathStyle: needsPathStyle(settings, endpoint),
    ...signing(tools.identity),
    maxAttempts: 1,
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
    requestHandler: tools.transport,
  });
  const requests = tools.isLean
    ? leanRequests(client, settings, tools)
    : new SdkRequests({ client, bucket, idleMs: tools.timeouts.idleMs });
  return { region, endpoint, requests };
}

/** Where requests go and how they are signed is what the SDK's own rules make of the bucket, asked once. */
function leanRequests(client: S3Client, settings: SourceSettings, tools: ReachTools): LeanRequests {
  const { endpoint, region } = resolveTarget(settings);
  const { url } = client.config.endpointProvider({
    Bucket: settings.bucket,
    Region: region,
    Endpoint: endpoint.url,
    ForcePathStyle: needsPathStyle(settings, endpoint),
    UseFIPS: false,
    UseDualStack: false,
    Accelerate: false,
    UseGlobalEndpoint: false,
    DisableMultiRegionAccessPoints: true,
    DisableS3ExpressSessionAuth: true,
  });
  const { identity, pools, now } = tools;
  // A key that never changes need not be asked for; any other is asked for anew by the SDK before it ends.
  const credentials = typeof identity === "function" ? client.config.credentials : identity;
  const signer = credentials === null ? null : openSigner({ region, credentials });
  return new LeanRequests({ url, pool: pools.to(url.origin), signer, now });
}

/** The SDK has no word for a request without a signature, and looks for credentials where it is given none. */
function signing(identity: S3Identity | null): Pick<S3ClientConfig, "credentials" | "signer"> {
  if (identity !== null) return { credentials: identity };
  return {
    credentials: { accessKeyId: "", secretAccessKey: "" },
    signer: { sign: async (request) => request },
  };
}
