import { describe, expect, test } from "vitest";
import { iamPolicy } from "./iam-policy";

const read = (args: { bucket: string; prefix: string; region: string }) =>
  JSON.parse(iamPolicy(args)).Statement;

describe("the IAM policy", () => {
  test("allows listing the bucket and reading its objects, and nothing else", () => {
    const [list, get] = read({ bucket: "docs", prefix: "", region: "us-east-1" });
    expect(list).toEqual({ Effect: "Allow", Action: ["s3:ListBucket"], Resource: ["arn:aws:s3:::docs"] });
    expect(get).toEqual({ Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::docs/*"] });
  });

  test("is narrowed to the prefix, for listing as for reading", () => {
    const [list, get] = read({ bucket: "docs", prefix: "team/a/", region: "us-east-1" });
    expect(list.Condition).toEqual({ StringLike: { "s3:prefix": ["team/a/*"] } });
    expect(get.Resource).toEqual(["arn:aws:s3:::docs/team/a/*"]);
  });

  test("takes a prefix's own wildcards literally", () => {
    const [, get] = read({ bucket: "docs", prefix: "a*b?c$d/", region: "us-east-1" });
    expect(get.Resource).toEqual([`arn:aws:s3:::docs/a\${*}b\${?}c\${$}d/*`]);
  });

  test.each([
    ["cn-north-1", "arn:aws-cn:s3:::docs"],
    ["us-gov-west-1", "arn:aws-us-gov:s3:::docs"],
  ])("names the partition of %s", (region, arn) => {
    expect(read({ bucket: "docs", prefix: "", region })[0].Resource).toEqual([arn]);
  });

  test("says where the bucket's name goes while there is none", () => {
    expect(read({ bucket: "", prefix: "", region: "us-east-1" })[0].Resource).toEqual([
      "arn:aws:s3:::your-bucket-name",
    ]);
  });
});
