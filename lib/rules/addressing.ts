import { presetOf } from "./presets";

export type AddressingStyle = "path" | "virtual";

/**
 * How a bucket is addressed when nobody says so: virtual-hosted on AWS and on Tigris, which takes nothing else for
 * newer buckets; path-style elsewhere, where a bucket's own host name often does not exist. A bucket with a dot does
 * not fit a wildcard certificate.
 */
export function defaultAddressingStyle(place: { endpoint: string | null; bucket: string }): AddressingStyle {
  const takesVirtual = place.endpoint === null || presetOf(place.endpoint).id === "tigris";
  return takesVirtual && !place.bucket.includes(".") ? "virtual" : "path";
}
