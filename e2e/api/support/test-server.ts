import type { S3User } from "../../support/s3-client.mjs";

/** The S3 server under test, as `npm test` names it. The second user owns none of the first one's buckets. */
export type TestServer = { endpoint: string; user: S3User; other: S3User };

export function testServer(): TestServer {
  return {
    endpoint: required("S3_TEST_ENDPOINT"),
    user: {
      accessKeyId: required("S3_TEST_ACCESS_KEY_ID"),
      secretAccessKey: required("S3_TEST_SECRET_ACCESS_KEY"),
    },
    other: {
      accessKeyId: required("S3_TEST_OTHER_ACCESS_KEY_ID"),
      secretAccessKey: required("S3_TEST_OTHER_SECRET_ACCESS_KEY"),
    },
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(
    `${name} is not set. Run \`npm test\`, or \`node e2e/support/s3-server.mjs\` and export what it prints.`,
  );
}
