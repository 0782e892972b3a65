import { describe, expect, test } from "vitest";
import { judgeAddress, parseAllowList } from "./address-rules";
import { isSluiceError } from "./testing/contract-expectations";

describe("without a list", () => {
  test.each([
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "::ffff:0.0.0.0",
    "not an address",
    "",
  ])("%s is never connected to", (address) => {
    expect(judgeAddress(address, "store.example.com", null)).toBe("forbidden");
    expect(
      judgeAddress(address, "store.example.com", parseAllowList("store.example.com, 0.0.0.0/0, ::/0")),
    ).toBe("forbidden");
  });

  test.each([
    "127.0.0.1",
    "::1",
    "10.1.2.3",
    "192.168.0.9",
    "172.16.0.1",
    "fd12::1",
    "52.216.0.1",
    "2600:1f18::1",
    "::ffff:127.0.0.1",
  ])("%s is allowed: stores live on loopback, private and public addresses", (address) =>
    expect(judgeAddress(address, "store.example.com", null)).toBe("allowed"),
  );
});

describe("with a list", () => {
  const allow = parseAllowList(" MinIO.internal, 10.0.0.0/8 , [::1], 192.168.1.5,*.example.com");

  test.each([
    ["minio.internal", "192.168.7.7", "allowed"],
    ["bucket.minio.internal", "192.168.7.7", "allowed"],
    ["MINIO.internal.", "8.8.8.8", "allowed"],
    ["evilminio.internal", "192.168.7.7", "unlisted"],
    ["s3.example.com", "8.8.8.8", "allowed"],
    ["10.9.8.7", "10.9.8.7", "allowed"],
    ["anything", "10.9.8.7", "allowed"],
    ["anything", "::ffff:10.9.8.7", "allowed"],
    ["::1", "::1", "allowed"],
    ["192.168.1.5", "192.168.1.5", "allowed"],
    ["192.168.1.6", "192.168.1.6", "unlisted"],
    ["127.0.0.1", "127.0.0.1", "unlisted"],
    ["s3.us-east-1.amazonaws.com", "52.216.0.1", "unlisted"],
  ])("%s at %s is %s", (host, address, verdict) => expect(judgeAddress(address, host, allow)).toBe(verdict));

  test.each([null, "", " , "])("%j is no list", (text) => expect(parseAllowList(text)).toBeNull());

  test.each([
    "http://minio.internal",
    "minio.internal:9000",
    "10.0.0.0/99",
    "10.0.0.300",
    "a b",
    "host/path",
  ])("%s is refused, since a typing error must not open a door", (text) =>
    expect(() => parseAllowList(text)).toThrow(expect.toSatisfy(isSluiceError("invalid_input", "stop"))),
  );
});
