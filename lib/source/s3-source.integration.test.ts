import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createBucket,
  makeS3Client,
  putMany,
  putObject,
  removeBucket,
  removeObject,
} from "../../e2e/support/s3-client.mjs";
import { checkSource } from "./check-source";
import { openS3Source } from "./s3-source";
import type { SourceSettings } from "./source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS } from "./testing/local-store";
import { describeSource } from "./testing/source-contract";

const endpoint = required("S3_TEST_ENDPOINT");
const user = {
  accessKeyId: required("S3_TEST_ACCESS_KEY_ID"),
  secretAccessKey: required("S3_TEST_SECRET_ACCESS_KEY"),
};
const other = {
  accessKeyId: required("S3_TEST_OTHER_ACCESS_KEY_ID"),
  secretAccessKey: required("S3_TEST_OTHER_SECRET_ACCESS_KEY"),
};
const keys = keysOf(user);

const client = makeS3Client({ endpoint, user });
const { signal } = new AbortController();
const firstPage = { prefix: "", startAfter: null, token: null, signal };
afterAll(() => client.destroy());

function settingsOf(bucket: string, changes: Partial<SourceSettings> = {}): SourceSettings {
  return {
    bucket,
    region: "us-east-1",
    endpoint,
    addressingStyle: "path",
    credentials: keys,
    caPem: null,
    ...changes,
  };
}

function keysOf(key: { accessKeyId: string; secretAccessKey: string }) {
  return { kind: "keys", ...key, sessionToken: null } as const;
}

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const options = { allowEndpoints: null, lean };

  describeSource("a real S3 server", async () => {
    const bucket = await createBucket(client, "contract");
    const source = openS3Source(settingsOf(bucket), options);
    return {
      source,
      pageKeys: 1_000,
      put: async (key, content) => void (await putObject(client, bucket, key, content)),
      remove: async (key) => void (await removeObject(client, bucket, key)),
      close: async () => {
        source.close();
        await removeBucket(client, bucket);
      },
    };
  });

  describe("refusals of a real S3 server", () => {
    let bucket: string;
    beforeAll(async () => {
      bucket = await createBucket(client, "refusals");
      await putMany(client, bucket, [
        ["docs/one.txt", "one"],
        ["docs/two.txt", "two"],
      ]);
    });
    afterAll(() => removeBucket(client, bucket));

    async function listWith(settings: SourceSettings) {
      const source = openS3Source(settings, { ...options, attemptsMax: 1 });
      try {
        return await source.listPage(firstPage);
      } finally {
        source.close();
      }
    }

    test("a wrong secret is source_auth", async () => {
      const credentials = { ...keys, secretAccessKey: "not-the-secret" };
      await expect(listWith(settingsOf(bucket, { credentials }))).rejects.toSatisfy(
        isSluiceError("source_auth", "stop"),
      );
    });

    test("an unknown access key is source_auth", async () => {
      const credentials = { ...keys, accessKeyId: "NOBODYKNOWSTHISKEY00" };
      await expect(listWith(settingsOf(bucket, { credentials }))).rejects.toSatisfy(
        isSluiceError("source_auth", "stop"),
      );
    });

    test("a bucket of somebody else is source_denied", async () => {
      await expect(listWith(settingsOf(bucket, { credentials: keysOf(other) }))).rejects.toSatisfy(
        isSluiceError("source_denied", "stop"),
      );
    });

    test("reading an object of somebody else is object_denied", async () => {
      const [object] = (await listWith(settingsOf(bucket))).objects;
      if (object === undefined) throw new Error("nothing listed");
      const source = openS3Source(settingsOf(bucket, { credentials: keysOf(other) }), options);
      await expect(source.read({ object, bytesMax: 100, signal })).rejects.toSatisfy(
        isSluiceError("object_denied", "skip"),
      );
      source.close();
    });

    test("a bucket that does not exist is bucket_missing, for a listing and for a read", async () => {
      const settings = settingsOf(`${bucket}-gone`);
      await expect(listWith(settings)).rejects.toSatisfy(isSluiceError("bucket_missing", "stop"));
      const source = openS3Source(settings, options);
      const object = { key: "a", etag: "b", sizeBytes: 1, lastModified: 0, storageClass: "STANDARD" };
      await expect(source.read({ object, bytesMax: 100, signal })).rejects.toSatisfy(
        isSluiceError("bucket_missing", "stop"),
      );
      source.close();
    });

    test("a port where nothing listens is source_unreachable", async () => {
      const settings = settingsOf(bucket, { endpoint: "http://127.0.0.1:1" });
      await expect(listWith(settings)).rejects.toSatisfy(isSluiceError("source_unreachable", "retry"));
    });

    test.each([
      ["an unknown key", { ...keys, accessKeyId: "NOBODYKNOWSTHISKEY00" }, "does not know this access key"],
      ["a wrong secret", { ...keys, secretAccessKey: "not-the-secret" }, "The secret does not belong"],
    ])("%s is told as what it is", async (_what, credentials, sentence) => {
      await expect(listWith(settingsOf(bucket, { credentials }))).rejects.toMatchObject({
        details: expect.stringContaining(sentence),
      });
    });

    test("the check passes all stages and gives the first keys", async () => {
      const check = await checkSource({ settings: settingsOf(bucket), prefix: "docs/", signal, ...options });
      expect(check.error).toBeNull();
      expect(check.stages.map((stage) => `${stage.name} ${stage.state}`)).toEqual([
        "address ok",
        "sign ok",
        "list ok",
        "read ok",
      ]);
      expect(check.sampleKeys).toEqual(["docs/one.txt", "docs/two.txt"]);
    });

    test("the check of an empty prefix passes, with the read skipped", async () => {
      const check = await checkSource({ settings: settingsOf(bucket), prefix: "none/", signal, ...options });
      expect(check.error).toBeNull();
      expect(check.stages.at(-1)).toMatchObject({ name: "read", state: "skipped" });
    });

    test.each([
      [
        "a wrong secret fails at sign",
        { credentials: { ...keys, secretAccessKey: "wrong" } },
        "sign",
        "Authentication failed",
      ],
      ["somebody else's bucket fails at list", { credentials: keysOf(other) }, "list", "Access denied"],
      ["a missing bucket fails at list", { bucket: "surely-not-there" }, "list", "Bucket not found"],
    ])("the check of %s", async (_title, changes, stage, message) => {
      const check = await checkSource({
        settings: settingsOf(bucket, changes),
        prefix: "",
        signal,
        ...options,
      });
      expect(check.error?.message).toBe(message);
      expect(check.stages.find((each) => each.state === "failed")?.name).toBe(stage);
      expect(check.stages).toHaveLength(4);
    });
  });
});

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(
    `${name} is not set: run \`npm test\`, or export what \`node e2e/support/s3-server.mjs\` prints.`,
  );
}
