export type AddressingStyle = "path" | "virtual";

/**
 * How a bucket is addressed when nobody says so: virtual-hosted on AWS, path-style elsewhere, where a bucket's own
 * host name often does not exist. A bucket with a dot does not fit AWS's wildcard certificate.
 */
export function defaultAddressingStyle(place: { endpoint: string | null; bucket: string }): AddressingStyle {
  return place.endpoint === null && !place.bucket.includes(".") ? "virtual" : "path";
}
