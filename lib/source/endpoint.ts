import { isIP } from "node:net";
import { invalidInput } from "@/lib/core/errors";
import { judgeAddress } from "./address-rules";
import type { SourceSettings } from "./source";

export type Endpoint = {
  /** Scheme, host and port, without a slash at the end. */
  url: string;
  /** As people name it, with the port where one is given. */
  host: string;
};

const ENDPOINT_CHARS_MAX = 512;
const FIELD = "metadata.endpoint";

/** Bases of well-known services: with a bucket in front of one of them, the endpoint has the bucket in it. */
const SERVICE_HOSTS: readonly RegExp[] = [
  /^s3[.-]/,
  /^[a-z]{3}\d\.digitaloceanspaces\.com$/,
  /^[0-9a-f]{32}\.([a-z]+\.)?r2\.cloudflarestorage\.com$/,
  /^(fly\.storage\.tigris\.dev|t3\.storage\.dev)$/,
  /^storage\.googleapis\.com$/,
];

/**
 * The base URL of an S3 service, as a person may type it: http or https, a host, maybe a port and one slash.
 * Throws `invalid_input` for user info, path, query, fragment, or a literal address that is never allowed
 * (after the URL parser has unfolded decimal, hexadecimal and mapped forms).
 */
export function parseEndpoint(text: string): Endpoint {
  if (text.length > ENDPOINT_CHARS_MAX)
    throw invalidInput(FIELD, `must be at most ${ENDPOINT_CHARS_MAX} characters.`);
  if (!/^https?:\/\//i.test(text)) throw invalidInput(FIELD, 'must start with "https://" or "http://".');
  if (/[@\s\\]/.test(text))
    throw invalidInput(FIELD, "must have no user name, password, space or backslash in it.");
  const rest = text.replace(/^https?:\/\//i, "");
  if (/[?#]/.test(rest) || /\/./.test(rest)) {
    throw invalidInput(
      FIELD,
      "must be the base URL alone, without path, query or bucket, as in https://minio.example.com.",
    );
  }
  if (!URL.canParse(text)) throw invalidInput(FIELD, "is not a URL.");
  const url = new URL(text);
  const literal = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(literal) !== 0 && judgeAddress(literal, literal, null) === "forbidden") {
    throw invalidInput(
      FIELD,
      `"${literal}" is a link-local, metadata, unspecified or multicast address, which Sluice never connects to.`,
    );
  }
  return { url: url.origin, host: url.host };
}

/**
 * Where a bucket is reached and how its region is signed: the endpoint, or AWS's own for the region.
 * `auto` without an endpoint is us-east-1. Throws `invalid_input` for names that could not be part of a host or path.
 */
export function resolveTarget(settings: SourceSettings): { endpoint: Endpoint; region: string } {
  assertBucketName(settings.bucket);
  const region = settings.endpoint === null && settings.region === "auto" ? "us-east-1" : settings.region;
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/.test(region)) {
    throw invalidInput("metadata.region", "must be a region's name, such as us-east-1, or auto.");
  }
  if (settings.endpoint === null) return { endpoint: parseEndpoint(awsUrl("s3", region)), region };
  const endpoint = parseEndpoint(settings.endpoint);
  assertNoBucketInHost(endpoint.host, settings.bucket);
  return { endpoint, region };
}

/** Whether the bucket cannot stand in front of the host: no such name, or none that a certificate covers. */
export function needsPathStyle(settings: SourceSettings, { url }: Endpoint): boolean {
  if (settings.addressingStyle === "path") return true;
  const isLabel = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(settings.bucket);
  const isOneLabel = !settings.bucket.includes(".");
  return !isLabel || !(isOneLabel || url.startsWith("http:"));
}

/** Whether the endpoint is AWS's public one, of which there is one for each region. */
export function followsRegion(settings: SourceSettings): boolean {
  return /^s3([.-][a-z0-9-]+)?\.amazonaws\.(com|com\.cn|eu)$/.test(hostnameOf(settings));
}

/** Whether the bucket is with AWS, by any of its endpoints. */
export function isAws(settings: SourceSettings): boolean {
  return /\.amazonaws\.(com|com\.cn|eu)$/.test(hostnameOf(settings));
}

/** Where roles are assumed: AWS's own service in the region, or, of any other store, the store itself. */
export function roleEndpoint(settings: SourceSettings): Endpoint {
  const { endpoint, region } = resolveTarget(settings);
  return isAws(settings) ? parseEndpoint(awsUrl("sts", region)) : endpoint;
}

function hostnameOf(settings: SourceSettings): string {
  return new URL(resolveTarget(settings).endpoint.url).hostname;
}

function awsUrl(service: "s3" | "sts", region: string): string {
  if (region.startsWith("cn-")) return `https://${service}.${region}.amazonaws.com.cn`;
  if (region.startsWith("eusc-")) return `https://${service}.${region}.amazonaws.eu`;
  return `https://${service}.${region}.amazonaws.com`;
}

function assertBucketName(bucket: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket)) {
    throw invalidInput(
      "metadata.bucket",
      "must be a bucket's name: letters, digits, dots, hyphens and underscores, without s3:// or a path.",
    );
  }
  if (bucket.endsWith("--x-s3")) {
    throw invalidInput(
      "metadata.bucket",
      "is a directory bucket (S3 Express), whose listings have no order; Sluice needs a general purpose bucket.",
    );
  }
}

function assertNoBucketInHost(host: string, bucket: string): void {
  const prefix = `${bucket.toLowerCase()}.`;
  if (!host.startsWith(prefix)) return;
  const base = host.slice(prefix.length);
  // A bucket named "minio" at minio.example.com is fine: only what is left decides.
  if (!SERVICE_HOSTS.some((service) => service.test(base))) return;
  throw invalidInput(
    FIELD,
    `must not contain the bucket: use https://${base} and give the bucket as metadata.bucket.`,
  );
}
