import { describe, expect, test } from "vitest";
import { endpointProblem, PRESET_IDS, PRESETS, presetOf } from "./presets";

describe("a preset", () => {
  test("fills endpoint, region and addressing style of each service", () => {
    const filled = PRESET_IDS.map((id) => [
      id,
      PRESETS[id].endpoint,
      PRESETS[id].region,
      PRESETS[id].addressingStyle,
    ]);
    expect(filled).toEqual([
      ["aws", null, "us-east-1", "virtual"],
      ["r2", "https://<account-id>.r2.cloudflarestorage.com", "auto", "path"],
      ["spaces", "https://nyc3.digitaloceanspaces.com", "nyc3", "virtual"],
      ["minio", "https://minio.example.com", "us-east-1", "path"],
      ["tigris", "https://t3.storage.dev", "auto", "virtual"],
      ["other", "", "us-east-1", "path"],
    ]);
  });

  test("is found again from the endpoint that it filled", () => {
    for (const id of PRESET_IDS.filter((one) => one !== "other" && one !== "r2")) {
      expect(presetOf(PRESETS[id].endpoint).id).toBe(id);
    }
  });
});

describe("the service of a saved endpoint", () => {
  test.each([
    [null, "aws"],
    ["", "aws"],
    ["https://s3.eu-central-1.amazonaws.com", "aws"],
    ["https://s3.cn-north-1.amazonaws.com.cn", "aws"],
    ["https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com", "r2"],
    ["https://0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com", "r2"],
    ["https://fra1.digitaloceanspaces.com", "spaces"],
    ["https://fly.storage.tigris.dev", "tigris"],
    ["http://localhost:9000", "minio"],
    ["https://minio.corp.example", "minio"],
    ["https://s3.wasabisys.com", "other"],
    ["https://amazonaws.com.evil.example", "other"],
    ["https://miniopolis.example", "other"],
    ["nonsense", "other"],
  ])("%s is %s", (endpoint, id) => {
    expect(presetOf(endpoint).id).toBe(id);
  });
});

describe("an endpoint is refused in the form", () => {
  test.each([
    ["empty", "", "Enter the service's base URL"],
    ["with the placeholder still in it", "https://<account-id>.r2.cloudflarestorage.com", "placeholder"],
    ["without a scheme", "minio.example.com", "Start with https://"],
    ["with a path", "https://minio.example.com/my-bucket", "leave out the path"],
    ["with a query", "https://minio.example.com/?a=b", "leave out the path"],
    ["with a password", "https://me:pass@minio.example.com", "Leave user name"],
    ["that is no URL", "https://", "not a URL"],
  ])("%s", (_what, endpoint, sentence) => {
    expect(endpointProblem(endpoint, "other")).toContain(sentence);
  });

  test("but not when it is a base URL, with or without port and slash, nor for AWS, which has none", () => {
    expect(endpointProblem("http://localhost:9000", "minio")).toBeNull();
    expect(endpointProblem("https://minio.example.com/", "minio")).toBeNull();
    expect(endpointProblem("", "aws")).toBeNull();
  });
});
