import { createBucket, makeS3Client } from "../../e2e/support/s3-client.mjs";
import { startS3Server } from "../../e2e/support/s3-server.mjs";
import { FORMS } from "../corpus/contents.mjs";
import { Keys } from "../corpus/keys.mjs";
import { loadBucket } from "./load-bucket.mjs";

const FORM = "letter";

/** The real S3 server of the tests, with buckets of as many text objects of 1 to 4 KB as are asked for. */
export class RealServer {
  #server;

  static async start() {
    const server = new RealServer();
    server.#server = await startS3Server();
    return server;
  }

  /** A source with `count` objects; `bytesOf(number)` is what an object holds. */
  async fill(count) {
    const { endpoint, users } = this.#server;
    // The AWS SDK writes into the credentials that it is handed.
    const user = { accessKeyId: users[0].accessKeyId, secretAccessKey: users[0].secretAccessKey };
    const client = makeS3Client({ endpoint, user: { ...user } });
    const bucket = await createBucket(client, "bench").finally(() => client.destroy());
    const keys = new Keys(count, FORMS[FORM].ending);
    const bytesOf = (number) => FORMS[FORM].bytesOf(number, 0);
    await loadBucket({ endpoint, user, bucket }, count, (number) => ({
      key: keys.keyOf(number),
      bytes: bytesOf(number),
    }));
    return {
      endpoint,
      bucket,
      user,
      rcloneProvider: { provider: "Ceph" },
      count,
      isReal: true,
      keys,
      bytesOf,
      requests: async () => null,
      stop: async () => {},
    };
  }

  stop() {
    return this.#server.stop();
  }
}
