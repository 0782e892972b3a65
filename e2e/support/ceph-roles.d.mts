import type { S3User } from "./s3-client.mjs";

export function createRole(args: {
  endpoint: string;
  user: S3User;
  name: string;
  trusted: string;
  bucket: string;
  externalId?: string | null;
}): Promise<string>;
export function removeRole(args: { endpoint: string; user: S3User; name: string }): Promise<void>;
