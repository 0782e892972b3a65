import { describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { followsRegion, isAws, needsPathStyle, parseEndpoint, resolveTarget } from "./endpoint";
import type { SourceSettings } from "./source";

const settings: SourceSettings = {
  bucket: "docs",
  region: "eu-west-1",
  endpoint: null,
  addressingStyle: "virtual",
  credentials: { kind: "keys", accessKeyId: "a", secretAccessKey: "b", sessionToken: null },
  caPem: null,
};

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid_input") return error.details ?? "";
    throw error;
  }
  return "accepted";
}

describe("an endpoint", () => {
  test.each([
    ["https://minio.example.com", "https://minio.example.com"],
    ["http://localhost:9000/", "http://localhost:9000"],
    ["HTTPS://NYC3.digitaloceanspaces.com", "https://nyc3.digitaloceanspaces.com"],
    ["http://[::1]:9000", "http://[::1]:9000"],
    ["http://2130706433:9000", "http://127.0.0.1:9000"],
  ])("%s is %s", (text, url) => expect(parseEndpoint(text).url).toBe(url));

  test.each([
    "minio.example.com",
    "ftp://minio.example.com",
    "file:///etc/passwd",
    "https://user:pass@minio.example.com",
    "https://minio.example.com/bucket",
    "https://minio.example.com//",
    "https://minio.example.com\\bucket",
    "https://minio.example.com?x=1",
    "https://minio.example.com#x",
    "https://",
    "https://exa mple.com",
    "http://169.254.169.254",
    "http://0xa9fea9fe",
    "http://2852039166",
    "http://[::ffff:169.254.169.254]",
    "http://[fe80::1]",
    "http://0.0.0.0:9000",
    `https://${"a".repeat(600)}.example.com`,
  ])("%s is refused", (text) => expect(refusal(() => parseEndpoint(text))).toMatch(/^metadata\.endpoint: /));
});

describe("the target", () => {
  test.each([
    ["eu-west-1", "https://s3.eu-west-1.amazonaws.com", "eu-west-1"],
    ["auto", "https://s3.us-east-1.amazonaws.com", "us-east-1"],
    ["cn-north-1", "https://s3.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  ])("region %s without endpoint is %s", (region, url, signed) => {
    const target = resolveTarget({ ...settings, region });
    expect([target.endpoint.url, target.region]).toEqual([url, signed]);
  });

  test("auto with an endpoint stays auto", () => {
    const target = resolveTarget({ ...settings, region: "auto", endpoint: "https://r2.example.com" });
    expect(target.region).toBe("auto");
  });

  test.each(["", "eu west", "us-east-1.evil.example/", "a/b", "x".repeat(64)])(
    "region %j is refused",
    (region) => expect(refusal(() => resolveTarget({ ...settings, region }))).toMatch(/^metadata\.region: /),
  );

  test.each(["", "a/b", "..", "s3://docs", "arn:aws:s3:::docs", "docs--use1-az4--x-s3"])(
    "bucket %j is refused",
    (bucket) => expect(refusal(() => resolveTarget({ ...settings, bucket }))).toMatch(/^metadata\.bucket: /),
  );

  test.each([
    ["docs", "https://docs.nyc3.digitaloceanspaces.com", "https://nyc3.digitaloceanspaces.com"],
    ["docs", "https://docs.s3.eu-west-1.amazonaws.com", "https://s3.eu-west-1.amazonaws.com"],
    ["docs", "https://docs.fly.storage.tigris.dev", "https://fly.storage.tigris.dev"],
  ])("bucket %s in front of %s is refused, with the right endpoint named", (bucket, endpoint, right) =>
    expect(refusal(() => resolveTarget({ ...settings, bucket, endpoint }))).toContain(right),
  );

  test.each([
    ["minio", "https://minio.example.com"],
    ["s3", "https://s3.example.com"],
    ["nyc3", "https://nyc3.digitaloceanspaces.com"],
  ])("bucket %s at %s is fine: the host only happens to begin alike", (bucket, endpoint) =>
    expect(refusal(() => resolveTarget({ ...settings, bucket, endpoint }))).toBe("accepted"),
  );
});

describe("what an endpoint is", () => {
  test.each<[string | null, boolean, boolean]>([
    [null, true, true],
    ["https://s3.amazonaws.com", true, true],
    ["https://s3-eu-west-1.amazonaws.com", true, true],
    ["https://s3.cn-north-1.amazonaws.com.cn", true, true],
    ["https://s3.dualstack.eu-west-1.amazonaws.com", true, false],
    ["https://vpce-1.s3.eu-west-1.vpce.amazonaws.com", true, false],
    ["https://s3.amazonaws.com.example.com", false, false],
    ["https://notamazonaws.com", false, false],
    ["https://minio.example.com", false, false],
  ])("%s: AWS %s, one for each region %s", (endpoint, aws, regional) => {
    expect(isAws({ ...settings, endpoint })).toBe(aws);
    expect(followsRegion({ ...settings, endpoint })).toBe(regional);
  });

  test.each<[string, string, SourceSettings["addressingStyle"], boolean]>([
    ["docs", "https://store.example.com", "virtual", false],
    ["docs", "https://store.example.com", "path", true],
    ["do.cs", "https://store.example.com", "virtual", true],
    ["do.cs", "http://store.example.com", "virtual", false],
    ["Docs", "https://store.example.com", "virtual", true],
    ["do_cs", "https://store.example.com", "virtual", true],
  ])(
    "the bucket %s at %s in %s style stands in the path: %s",
    (bucket, endpoint, addressingStyle, isInPath) => {
      const asked = { ...settings, bucket, endpoint, addressingStyle };
      expect(needsPathStyle(asked, parseEndpoint(endpoint))).toBe(isInPath);
    },
  );

  test("no endpoint that cannot be gets past the credentials", () => {
    const ambient = { ...settings, endpoint: "nonsense", credentials: { kind: "ambient" } as const };
    expect(refusal(() => isAws(ambient))).toContain("metadata.endpoint");
  });
});
