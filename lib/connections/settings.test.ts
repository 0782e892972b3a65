import { describe, expect, test } from "vitest";
import { openCredentials } from "./schema";

describe("sealed credentials", () => {
  test("from before there were kinds are an access key", () => {
    expect(openCredentials('{"accessKeyId":"AKIA","secretAccessKey":"s"}')).toEqual({
      kind: "keys",
      accessKeyId: "AKIA",
      secretAccessKey: "s",
      sessionToken: null,
    });
  });

  test.each([
    { kind: "keys", accessKeyId: "AKIA", secretAccessKey: "s", sessionToken: "t" },
    { kind: "role", roleArn: "arn:aws:iam::1:role/r", externalId: "e", base: null },
    {
      kind: "role",
      roleArn: "arn:aws-cn:iam::1:role/p/r",
      externalId: "e",
      base: { accessKeyId: "AKIA", secretAccessKey: "s", sessionToken: null },
    },
    { kind: "ambient" },
    { kind: "anonymous" },
  ])("of the kind $kind open as they were sealed", (credentials) => {
    expect(openCredentials(JSON.stringify(credentials))).toEqual(credentials);
  });

  test.each(["planted", '{"kind":"planted"}', '{"accessKeyId":"planted"}'])(
    "that are none are refused without a word of them",
    (plain) => {
      expect(() => openCredentials(plain)).toThrow(/^(?!.*planted).*$/s);
    },
  );
});
