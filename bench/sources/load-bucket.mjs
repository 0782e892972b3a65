import { createHash, createHmac } from "node:crypto";
import http from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { LOAD_CONCURRENCY, LOAD_TRIES_MAX, REQUEST_MS_MAX } from "../bounds.mjs";

/**
 * Stores `count` objects in a bucket that exists, as `entryOf(number)` gives them, `{ key, bytes }`. Signed and sent
 * without the SDK's client, which takes more than twice as long for it. Rejects when an object is refused for good.
 */
export async function loadBucket({ endpoint, user, bucket }, count, entryOf) {
  const { hostname, port, host } = new URL(endpoint);
  const agent = new http.Agent({ keepAlive: true, maxSockets: LOAD_CONCURRENCY });
  const signer = new SignatureV4({
    credentials: { ...user },
    region: "us-east-1",
    service: "s3",
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const put = async (number) => {
    const { key, bytes } = entryOf(number);
    const request = await signer.sign({
      method: "PUT",
      protocol: "http:",
      hostname,
      port: Number(port),
      path: `/${bucket}/${key}`,
      query: {},
      headers: {
        host,
        "content-length": String(bytes.length),
        "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
      },
    });
    return send(agent, request, bytes);
  };
  let next = 0;
  const worker = async () => {
    while (next < count) await tryToPut(put, next++);
  };
  await Promise.all(Array.from({ length: LOAD_CONCURRENCY }, worker));
  agent.destroy();
}

async function tryToPut(put, number) {
  let status = 0;
  for (let tries = 0; tries < LOAD_TRIES_MAX; tries++) {
    status = await put(number);
    if (status === 200) return;
  }
  throw new Error(`The S3 server refused object ${number} with status ${status}.`);
}

function send(agent, { method, hostname, port, path, headers }, bytes) {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, method, hostname, port, path, headers, timeout: REQUEST_MS_MAX });
    request.on("timeout", () => request.destroy(new Error("The S3 server did not answer.")));
    request.on("error", reject);
    request.on("response", (answer) => {
      answer.resume();
      answer.on("error", reject);
      answer.on("end", () => resolve(answer.statusCode));
    });
    request.end(bytes);
  });
}

/** Node's hash in the shape that the signer asks for. */
class Sha256 {
  #hash;

  constructor(secret) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  }

  update(piece) {
    this.#hash.update(piece);
  }

  digest() {
    return Promise.resolve(this.#hash.digest());
  }
}
