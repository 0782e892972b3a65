import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRole, removeRole } from "../../e2e/support/ceph-roles.mjs";
import { createBucket, makeS3Client, putObject, removeBucket } from "../../e2e/support/s3-client.mjs";
import { checkSource } from "./check-source";
import { openS3Source } from "./s3-source";
import type { ListedObject, SourceCredentials, SourceSettings } from "./source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst } from "./testing/local-store";

/** The gateway that gives out roles; MinIO in a container and a server of one's own may have none. */
const endpoint = process.env.S3_TEST_STS_ENDPOINT ?? "";
const key = {
  accessKeyId: process.env.S3_TEST_ACCESS_KEY_ID ?? "",
  secretAccessKey: process.env.S3_TEST_SECRET_ACCESS_KEY ?? "",
};
const base = { ...key, sessionToken: null };
const { signal } = new AbortController();
const isDenied = isSluiceError("source_denied", "stop");

describe.skipIf(endpoint === "").each(BOTH_PATHS)("on %s, a store that gives out roles", (_path, lean) => {
  const client = makeS3Client({ endpoint, user: key });
  const suffix = lean ? "lean" : "sdk";
  const options = { allowEndpoints: null, lean };
  let bucket: string;
  let open: string;
  let guarded: string;

  beforeAll(async () => {
    bucket = await createBucket(client, "roles");
    await putObject(client, bucket, "one.txt", "one");
    const role = { endpoint, user: key, trusted: "first", bucket };
    open = await createRole({ ...role, name: `open-${suffix}` });
    guarded = await createRole({ ...role, name: `guarded-${suffix}`, externalId: "sluice-1234" });
  });
  afterAll(async () => {
    await removeRole({ endpoint, user: key, name: `open-${suffix}` });
    await removeRole({ endpoint, user: key, name: `guarded-${suffix}` });
    await removeBucket(client, bucket);
    client.destroy();
  });

  function settingsWith(credentials: SourceCredentials): SourceSettings {
    return { bucket, region: "us-east-1", endpoint, addressingStyle: "path", credentials, caPem: null };
  }

  const roleOf = (roleArn: string, externalId: string | null = null) =>
    ({ kind: "role", roleArn, externalId, base }) as const;

  async function listWith(credentials: SourceCredentials): Promise<ListedObject[]> {
    const source = openS3Source(settingsWith(credentials), { ...options, attemptsMax: 1 });
    try {
      return (await listFirst(source)).objects;
    } finally {
      source.close();
    }
  }

  test("an assumed role lists and reads", async () => {
    const source = openS3Source(settingsWith(roleOf(open)), options);
    const [object] = (await listFirst(source)).objects;
    if (object === undefined) throw new Error("nothing listed");
    expect(await source.read({ object, bytesMax: 100, signal })).toMatchObject({ outcome: "read" });
    source.close();
  });

  test("a role whose trust asks for what the caller does not have is source_denied", async () => {
    await expect(listWith(roleOf(guarded))).rejects.toSatisfy(isDenied);
  });

  test("a role that does not exist is source_denied, and the check names it", async () => {
    const check = await checkSource({
      settings: settingsWith(roleOf("arn:aws:iam:::role/nobody")),
      prefix: "",
      signal,
      ...options,
    });
    expect(check.error?.code).toBe("source_denied");
    expect(check.error?.details).toContain("arn:aws:iam:::role/nobody");
  });

  test("a key that is refused when it asks for the role gets none", async () => {
    const credentials = { ...roleOf(open), base: { ...base, secretAccessKey: "not-the-secret" } };
    // This gateway says of a wrong secret what it says of a role that is not for everybody.
    await expect(listWith(credentials)).rejects.toSatisfy(isDenied);
  });

  test("keys with a session token work as long as the token is whole", async () => {
    const temporary = await fromTemporaryCredentials({
      masterCredentials: key,
      params: { RoleArn: open, RoleSessionName: "test" },
      clientConfig: { endpoint, region: "us-east-1" },
    })();
    const { accessKeyId, secretAccessKey, sessionToken = "" } = temporary;
    const keys = { kind: "keys", accessKeyId, secretAccessKey } as const;
    expect(await listWith({ ...keys, sessionToken })).toHaveLength(1);
    for (const broken of [null, `${sessionToken.slice(0, -8)}AAAAAAA=`]) {
      await expect(listWith({ ...keys, sessionToken: broken })).rejects.toSatisfy(isDenied);
    }
  });

  test("a session whose role is taken away may do nothing more", async () => {
    const name = `fleeting-${suffix}`;
    const fleeting = await createRole({ endpoint, user: key, trusted: "first", bucket, name });
    const source = openS3Source(settingsWith(roleOf(fleeting)), { ...options, attemptsMax: 1 });
    expect((await listFirst(source)).objects).toHaveLength(1);
    await removeRole({ endpoint, user: key, name });
    await expect(listFirst(source)).rejects.toSatisfy(isDenied);
    source.close();
  });
});
