import { createHmac, hash } from "node:crypto";
import type { SignatureV4Init } from "@smithy/signature-v4";

type Hashing = NonNullable<SignatureV4Init["sha256"]>;
type Piece = string | ArrayBuffer | ArrayBufferView;
const NOTHING = new Uint8Array(0);

type Code = { secret: string; text: Uint8Array; digest: Uint8Array };

/**
 * SHA-256, or with a secret its HMAC, as the SDK's signer asks for it.
 *
 * To find the key of the day, the signer makes the HMAC of the access key anew for each request. Its secret is text,
 * as none other is but the first of those that make that key, once a day. So the last with a text is remembered.
 */
export function hashingForOneKey(): Hashing {
  let remembered: Code | null = null;

  const codeOf = (secret: string, text: Uint8Array): Uint8Array => {
    if (remembered?.secret === secret && Buffer.compare(remembered.text, text) === 0)
      return remembered.digest;
    const digest = createHmac("sha256", secret).update(text).digest();
    remembered = { secret, text, digest };
    return digest;
  };

  return class {
    readonly #secret: Piece | undefined;
    #piece: Uint8Array = NOTHING;

    constructor(secret?: Piece) {
      this.#secret = secret;
    }

    update(piece: Piece): void {
      this.#piece = this.#piece.length === 0 ? bytesOf(piece) : Buffer.concat([this.#piece, bytesOf(piece)]);
    }

    async digest(): Promise<Uint8Array> {
      const secret = this.#secret;
      if (secret === undefined) return hash("sha256", this.#piece, "buffer");
      if (typeof secret === "string") return codeOf(secret, this.#piece);
      return createHmac("sha256", bytesOf(secret)).update(this.#piece).digest();
    }
  };
}

function bytesOf(piece: Piece): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (typeof piece === "string") return Buffer.from(piece);
  return ArrayBuffer.isView(piece)
    ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
    : new Uint8Array(piece);
}
