import { describe, expect, test } from "vitest";
import { NO_FILTERS } from "@/lib/rules/filters";
import { readChangeBody } from "./change-connection";
import { readCreateBody } from "./create-connection";

const least = { accessKeyId: "AKIA", secretAccessKey: "planted", bucket: "docs", region: "us-east-1" };
const created = (metadata: object, beside: object = {}) =>
  readCreateBody({ metadata: { ...least, ...metadata }, ...beside }).input;

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof Error && "details" in thrown ? String(thrown.details) : String(thrown);
  }
  return "not refused";
}

describe("the settings of a new connection", () => {
  test("are the usual ones where nothing is said, and the key is an access key", () => {
    expect(created({})).toMatchObject({
      credentials: { kind: "keys", accessKeyId: "AKIA", secretAccessKey: "planted", sessionToken: null },
      filters: NO_FILTERS,
      schedule: { kind: "interval", intervalMs: null },
      caPem: null,
      requestRateMax: null,
      metadata: {},
    });
  });

  test.each<[string, object, object]>([
    [
      "filters",
      { includeGlobs: ["a,b/*"], sizeBytesMin: 1 },
      { filters: { includeGlobs: ["a,b/*"], sizeBytesMin: 1 } },
    ],
    [
      "lists in one text, by comma outside braces or by line",
      { includeGlobs: "docs/**, *.{md,txt}\n a\\,b", extensions: "pdf,docx" },
      { filters: { includeGlobs: ["docs/**", "*.{md,txt}", "a\\,b"], extensions: ["pdf", "docx"] } },
    ],
    [
      "an interval in minutes",
      { scheduleIntervalMinutes: 30 },
      { schedule: { kind: "interval", intervalMs: 1_800_000 } },
    ],
    [
      "an expression with its zone",
      { scheduleCron: "30 9 * * *", scheduleTimeZone: "Europe/Berlin" },
      { schedule: { kind: "cron", cron: "30 9 * * *", timeZone: "Europe/Berlin", intervalMs: null } },
    ],
    ["no schedule", { schedule: "manual" }, { schedule: { kind: "manual", cron: null, intervalMs: null } }],
    ["a rate", { requestRateMax: 50 }, { requestRateMax: 50 }],
    [
      "keys that end by themselves",
      { sessionToken: "t" },
      { credentials: { kind: "keys", sessionToken: "t" } },
    ],
    [
      "a role with the key that assumes it",
      { credentialsKind: "role", roleArn: "arn:aws:iam::1:role/r" },
      {
        credentials: {
          kind: "role",
          roleArn: "arn:aws:iam::1:role/r",
          externalId: null,
          base: { accessKeyId: "AKIA", secretAccessKey: "planted", sessionToken: null },
        },
      },
    ],
    ["what is the sender's own", { team: "sales" }, { metadata: { team: "sales" } }],
  ])("take %s", (_what, metadata, expected) => {
    expect(created(metadata)).toMatchObject(expected);
  });

  test("take a role without a key, and no credentials at all", () => {
    const place = { bucket: "docs", region: "us-east-1" };
    const role = { ...place, credentialsKind: "role", roleArn: "arn:aws:iam::1:role/r" };
    expect(readCreateBody({ metadata: role }).input.credentials).toMatchObject({ kind: "role", base: null });
    const anonymous = readCreateBody({ metadata: { ...place, credentialsKind: "anonymous" } });
    expect(anonymous.input.credentials).toEqual({ kind: "anonymous" });
  });

  test.each<[string, object, string]>([
    ["an unknown kind of credentials", { credentialsKind: "magic" }, "metadata.credentialsKind: must be"],
    ["a key beside no key", { credentialsKind: "anonymous" }, "metadata.accessKeyId: does not go"],
    ["a role beside a key", { roleArn: "arn:aws:iam::1:role/r" }, "metadata.roleArn: does not go"],
    ["a role without its ARN", { credentialsKind: "role" }, "metadata.roleArn: is required"],
    [
      "an ARN of something else",
      { credentialsKind: "role", roleArn: "arn:aws:s3:::b" },
      "metadata.roleArn: is not",
    ],
    ["a broken glob", { excludeGlobs: ["[a"] }, "metadata.excludeGlobs: The glob"],
    ["a broken extension", { extensions: "tar.gz" }, "metadata.extensions: "],
    ["sizes the wrong way round", { sizeBytesMin: 2, sizeBytesMax: 1 }, "metadata.sizeBytesMax: "],
    ["a size of less than nothing", { sizeBytesMin: -1 }, "metadata.sizeBytesMin: "],
    ["an interval that is too short", { scheduleIntervalMinutes: 4 }, "metadata.scheduleIntervalMinutes: "],
    ["a broken expression", { scheduleCron: "often" }, "metadata.scheduleCron: "],
    ["an unknown schedule", { schedule: "sometimes" }, "metadata.schedule: "],
    ["a rate of nothing", { requestRateMax: 0 }, "metadata.requestRateMax: "],
    ["a certificate that is none", { caPem: "hello" }, "metadata.caPem: is not"],
    [
      "a certificate with its private key",
      { caPem: "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nB" },
      "metadata.caPem: holds a private key",
    ],
  ])("refuse %s, by the name it was sent under, and repeat no secret", (_what, metadata, expected) => {
    const details = refusal(() => created(metadata));
    expect(details).toContain(expected);
    expect(details).not.toContain("planted");
  });
});

test("half of the key that assumes a role is refused, by the half that is missing", () => {
  const role = { credentialsKind: "role", roleArn: "arn:aws:iam::1:role/r", accessKeyId: "AKIA" };
  const metadata = { bucket: "docs", region: "us-east-1", ...role };
  expect(refusal(() => readCreateBody({ metadata }))).toBe("metadata.secretAccessKey: is required");
});

describe("a change of settings", () => {
  test("speaks only of what is sent", () => {
    expect(readChangeBody({})).toEqual({});
    expect(readChangeBody({ metadata: { prefix: "a/" }, containerTags: ["x"], documentLimit: 5 })).toEqual({
      prefix: "a/",
      containerTags: ["x"],
      documentLimit: 5,
    });
    expect(readChangeBody({ metadata: { sizeBytesMax: 9 } })).toEqual({ filters: { sizeBytesMax: 9 } });
    expect(readChangeBody({ containerTags: [] })).toEqual({ containerTags: [] });
  });

  test("takes a setting away by null or by the empty text", () => {
    expect(
      readChangeBody({
        metadata: {
          prefix: null,
          endpoint: "",
          containerTagRegex: null,
          requestRateMax: null,
          sizeBytesMin: null,
        },
      }),
    ).toEqual({
      prefix: "",
      endpoint: null,
      containerTagRegex: null,
      requestRateMax: null,
      filters: { sizeBytesMin: null },
    });
  });

  test.each([null, ""])("takes by %j a list's parts away, and leaves the usual choice", (nothing) => {
    const lists = { includeGlobs: nothing, excludeGlobs: nothing, extensions: nothing };
    expect(readChangeBody({ metadata: lists })).toEqual({
      filters: { includeGlobs: [], excludeGlobs: [], extensions: [] },
    });
    const choices = { addressingStyle: nothing, tagFallback: nothing, deletionPolicy: nothing };
    expect(readChangeBody({ metadata: choices })).toEqual({
      addressingStyle: null,
      tagFallback: "connection_tags",
      deletionPolicy: "remove",
    });
    const usualSchedule = { schedule: { kind: "interval", cron: null, timeZone: null, intervalMs: null } };
    for (const name of ["schedule", "scheduleCron", "scheduleIntervalMinutes"]) {
      expect(readChangeBody({ metadata: { [name]: nothing } })).toEqual(usualSchedule);
    }
    const keys = { accessKeyId: "AKIA", secretAccessKey: "planted" };
    expect(readChangeBody({ metadata: { ...keys, credentialsKind: nothing } })).toMatchObject({
      credentials: { kind: "keys", accessKeyId: "AKIA" },
    });
  });

  test("takes the document limit back to the usual one by null", () => {
    expect(readChangeBody({ documentLimit: null })).toEqual({ documentLimit: 10_000 });
  });

  test("of a part of the schedule keeps what is said beside what is taken away", () => {
    const of = (metadata: object) => readChangeBody({ metadata }).schedule;
    expect(of({ scheduleCron: "30 9 * * *", scheduleIntervalMinutes: null })).toMatchObject({ kind: "cron" });
    expect(of({ scheduleCron: null, scheduleIntervalMinutes: 30 })).toMatchObject({ intervalMs: 1_800_000 });
    expect(of({ schedule: "manual", scheduleCron: null })).toMatchObject({ kind: "manual" });
    expect(refusal(() => of({ scheduleTimeZone: null }))).toContain("metadata.scheduleCron: ");
  });

  test("of credentials needs all of them", () => {
    expect(refusal(() => readChangeBody({ metadata: { accessKeyId: "AKIA" } }))).toContain(
      "metadata.secretAccessKey: is required",
    );
  });

  test("refuses what is no setting, and what may not be taken away", () => {
    expect(refusal(() => readChangeBody({ metadata: { team: "sales" } }))).toContain("metadata.team: is not");
    expect(refusal(() => readChangeBody({ metadata: { bucket: null } }))).toContain("metadata.bucket: ");
    expect(refusal(() => readChangeBody({ documentLimit: 0 }))).toContain("documentLimit: ");
  });
});
