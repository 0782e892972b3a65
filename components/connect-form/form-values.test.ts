import { describe, expect, test } from "vitest";
import { connectBucketInput } from "@/lib/connections/schema";
import { blankForm, type ConnectFormValues, connectFormSchema, connectInputOf, tagsOf } from "./form-values";

const filled: ConnectFormValues = {
  ...blankForm(),
  bucket: "docs",
  accessKeyId: "AKIA",
  secretAccessKey: "secret",
};
const refused = (change: Partial<ConnectFormValues>) => {
  const parsed = connectFormSchema.safeParse({ ...filled, ...change });
  return parsed.success ? [] : [...new Set(parsed.error.issues.map((issue) => issue.path.join(".")))];
};

describe("the form of a new connection", () => {
  test("gives the server what the server's own schema accepts", () => {
    expect(refused({})).toEqual([]);
    expect(connectBucketInput.parse(connectInputOf(filled))).toEqual(connectInputOf(filled));
  });

  test("sends no endpoint for AWS, whatever was typed before", () => {
    expect(connectInputOf({ ...filled, endpoint: "https://minio.example.com" }).endpoint).toBeNull();
    expect(
      connectInputOf({ ...filled, presetId: "minio", endpoint: "http://localhost:9000 " }).endpoint,
    ).toBe("http://localhost:9000");
  });

  test.each([
    ["bucket", { bucket: "" }],
    ["region", { region: "us east" }],
    ["accessKeyId", { accessKeyId: " " }],
    ["secretAccessKey", { secretAccessKey: "" }],
    ["endpoint", { presetId: "r2" as const, endpoint: "https://<account-id>.r2.cloudflarestorage.com" }],
    ["prefix", { prefix: "ä".repeat(513) }],
    ["containerTags", { containerTags: "org-1, john@acme.com" }],
    ["containerTagRegex", { containerTagRegex: "users/([^/]+)/" }],
    ["documentLimit", { documentLimit: "0" }],
    ["documentLimit", { documentLimit: "many" }],
    ["cron", { scheduleKind: "cron" as const, cron: "every day" }],
  ])("is refused at %s", (field, change) => {
    expect(refused(change)).toEqual([field]);
  });

  test("reads tags between commas, spaces or lines, each once", () => {
    expect(tagsOf(" org-1, org-2\norg-1 ")).toEqual(["org-1", "org-2"]);
    expect(tagsOf("  ")).toEqual([]);
  });

  test("reads a limit as people write it", () => {
    expect(connectInputOf({ ...filled, documentLimit: "250,000" }).documentLimit).toBe(250_000);
  });
});
