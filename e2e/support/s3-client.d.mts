import type { PutObjectCommandInput, PutObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";

export type S3User = { accessKeyId: string; secretAccessKey: string };
type Body = string | Uint8Array;

export function makeS3Client(args: { endpoint: string; user: S3User }): S3Client;
export function createBucket(client: S3Client, label: string): Promise<string>;
export function putObject(
  client: S3Client,
  bucket: string,
  key: string,
  body: Body,
  extra?: Partial<PutObjectCommandInput>,
): Promise<PutObjectCommandOutput>;
export function putMany(
  client: S3Client,
  bucket: string,
  entries: Iterable<readonly [key: string, body: Body]>,
  concurrency?: number,
): Promise<void>;
export function removeObject(client: S3Client, bucket: string, key: string): Promise<unknown>;
export function removeMany(
  client: S3Client,
  bucket: string,
  keys: Iterable<string>,
  concurrency?: number,
): Promise<void>;
export function removeBucket(client: S3Client, bucket: string): Promise<void>;
