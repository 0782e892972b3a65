import { describe, expect, test } from "vitest";
import { defaultAddressingStyle } from "./addressing";

describe("how a bucket is addressed when nobody says so", () => {
  test.each([
    ["on AWS", null, "files", "virtual"],
    ["on AWS with a dot in its name", null, "my.files", "path"],
    ["on Tigris", "https://t3.storage.dev", "files", "virtual"],
    ["on Cloudflare R2", "https://abc.r2.cloudflarestorage.com", "files", "path"],
    ["on MinIO", "http://127.0.0.1:9000", "files", "path"],
  ] as const)("%s", (_where, endpoint, bucket, style) => {
    expect(defaultAddressingStyle({ endpoint, bucket })).toBe(style);
  });
});
