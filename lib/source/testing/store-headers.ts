/** What several answers have in common. Keys, ids and times are ours. */
export const XML = '<?xml version="1.0" encoding="UTF-8"?>';
export const MD5 = "0f343b0931126a20f133d67c2b018a3b";
export const TYPE = { "Content-Type": "application/xml" };

/** The headers that known stores send. */
export const AWS = { "x-amz-request-id": "A1B2C3", "x-amz-id-2": "abc=", Server: "AmazonS3", ...TYPE };
export const RGW = { "x-amz-request-id": "tx0001", Connection: "Keep-Alive", ...TYPE };
export const MINIO = {
  Server: "MinIO",
  "X-Amz-Request-Id": "17A",
  "Strict-Transport-Security": "max-age=1",
  ...TYPE,
};
export const R2 = { Server: "cloudflare", "CF-RAY": "8-FRA", ...TYPE };
