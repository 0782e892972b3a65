import { createHash, createHmac, type Hash, type Hmac, hash } from "node:crypto";
import { SignatureV4, type SignatureV4Init } from "@smithy/signature-v4";

/** Every request of ours has an empty body. */
const EMPTY_BODY_SHA256 = hash("sha256", "");

export type S3Signer = {
  /** The headers of a GET with its signature among them. `path` is encoded as it is sent, `query` is not. */
  sign(request: {
    path: string;
    query: Record<string, string>;
    headers: Record<string, string>;
    now: number;
  }): Promise<Record<string, string>>;
};

/** Signs for one region of S3. Host and protocol are taken from the headers' `host`. */
export function openSigner({
  region,
  credentials,
}: {
  region: string;
  credentials: SignatureV4Init["credentials"];
}): S3Signer {
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials,
    sha256: Sha256,
    // S3 alone wants paths signed as they are sent.
    uriEscapePath: false,
    applyChecksum: false,
  });
  return {
    async sign({ path, query, headers, now }) {
      const signed = await signer.sign(
        {
          method: "GET",
          protocol: "https:",
          hostname: "",
          path,
          query,
          headers: { ...headers, "x-amz-content-sha256": EMPTY_BODY_SHA256 },
        },
        { signingDate: new Date(now) },
      );
      return signed.headers;
    },
  };
}

type Piece = string | ArrayBuffer | ArrayBufferView;

/** SHA-256, or with a secret its HMAC, as the signer asks for it. */
class Sha256 {
  readonly #hashing: Hash | Hmac;

  constructor(secret?: Piece) {
    this.#hashing = secret === undefined ? createHash("sha256") : createHmac("sha256", hashable(secret));
  }

  update(piece: Piece): void {
    this.#hashing.update(hashable(piece));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hashing.digest());
  }
}

function hashable(piece: Piece): string | Uint8Array {
  if (typeof piece === "string" || piece instanceof Uint8Array) return piece;
  return ArrayBuffer.isView(piece)
    ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
    : new Uint8Array(piece);
}
