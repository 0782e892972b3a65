import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import pLimit from "p-limit";

const CONCURRENCY_DEFAULT = 32;
const EMPTYING_PAGES_MAX = 10_000;

/** A client of one user of a test server. Close it with `client.destroy()`. */
export function makeS3Client({ endpoint, user }) {
  return new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: user,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 64 } },
  });
}

/** Creates a bucket of a name that no other test has, and returns the name. */
export async function createBucket(client, label) {
  const bucket = `${label}-${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

/** Stores one object; `extra` goes to PutObject as it is (`ContentType`, `ContentEncoding`, …). */
export function putObject(client, bucket, key, body, extra = {}) {
  // The SDK takes an empty string for a stream of unknown length.
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  return client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ...extra }));
}

/** Stores `[key, body]` pairs, at most `concurrency` at once. */
export async function putMany(client, bucket, entries, concurrency = CONCURRENCY_DEFAULT) {
  const limit = pLimit(concurrency);
  await Promise.all(Array.from(entries, ([key, body]) => limit(() => putObject(client, bucket, key, body))));
}

export function removeObject(client, bucket, key) {
  return client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}

/** Removes keys one by one, since not every server takes DeleteObjects from this SDK. */
export async function removeMany(client, bucket, keys, concurrency = CONCURRENCY_DEFAULT) {
  const limit = pLimit(concurrency);
  await Promise.all(Array.from(keys, (key) => limit(() => removeObject(client, bucket, key))));
}

/** Empties a bucket and removes it. */
export async function removeBucket(client, bucket) {
  for (let page = 0; page < EMPTYING_PAGES_MAX; page++) {
    const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket, EncodingType: "url" }));
    const keys = (listed.Contents ?? []).map(({ Key }) => decodeURIComponent(Key.replaceAll("+", " ")));
    if (keys.length === 0) break;
    await removeMany(client, bucket, keys);
  }
  await client.send(new DeleteBucketCommand({ Bucket: bucket }));
}
