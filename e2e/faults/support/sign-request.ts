import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { S3User } from "../../support/s3-client.mjs";

const EMPTY_SHA256 = createHash("sha256").digest("hex");

export type Signing = { user: S3User; at: Date };

/** The headers of a GET as the holder of these credentials would send it at that moment. `path` is encoded already. */
export async function signGet(
  request: { host: string; path: string; params: URLSearchParams; headers: Record<string, string> },
  { user, at }: Signing,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: "s3",
    region: "us-east-1",
    credentials: user,
    sha256: NodeSha256,
    uriEscapePath: false,
  });
  const signed = await signer.sign(
    {
      method: "GET",
      protocol: "http:",
      hostname: request.host,
      path: request.path,
      query: Object.fromEntries(request.params),
      headers: { ...request.headers, host: request.host, "x-amz-content-sha256": EMPTY_SHA256 },
    },
    { signingDate: at },
  );
  return signed.headers;
}

/** SHA-256 in the shape that the signer asks for. */
class NodeSha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(piece: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(piece));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(piece: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof piece === "string") return Buffer.from(piece);
  if (piece instanceof ArrayBuffer) return Buffer.from(piece);
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
