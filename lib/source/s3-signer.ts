import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";
import { createScope, getSigningKey, type SignatureV4Init } from "@smithy/signature-v4";

/** Every request of ours has an empty body. */
const EMPTY_BODY_SHA256 = hash("sha256", "");

const ALGORITHM = "AWS4-HMAC-SHA256";
const SERVICE = "s3";

export type S3Signer = {
  /**
   * Adds the signature of a GET to its headers, and what it was made with. All headers that are given are signed;
   * `host` must be one of them. `path` and `query` are encoded as they are sent, the query's names in order.
   */
  sign(request: SignableRequest): Promise<void>;
};

type SignableRequest = { path: string; query: string; headers: Record<string, string>; now: number };
type Key = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
type KeyOfDay = { key: Key; day: string; signing: KeyObject };

/**
 * Signs for one region of S3. The key of a day is the SDK's; it is asked for once, and what is signed with it is put
 * together here, for a GET without a body: the SDK takes longer for that than all else takes that a small object needs.
 */
export function openSigner(args: { region: string; credentials: SignatureV4Init["credentials"] }): S3Signer {
  const { region, credentials } = args;
  let last: KeyOfDay | null = null;

  const keyOfDay = async (key: Key, day: string): Promise<KeyObject> => {
    if (last !== null && last.day === day && isSameKey(last.key, key)) return last.signing;
    const signing = createSecretKey(await getSigningKey(Sha256, key, day, region, SERVICE));
    last = { key, day, signing };
    return signing;
  };

  return {
    async sign({ path, query, headers, now }) {
      const key = typeof credentials === "function" ? await credentials() : credentials;
      const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
      const day = time.slice(0, 8);
      // A copy of the headers would cost as much as half the signature.
      headers["x-amz-content-sha256"] = EMPTY_BODY_SHA256;
      headers["x-amz-date"] = time;
      if (key.sessionToken) headers["x-amz-security-token"] = key.sessionToken;
      const { names, text } = canonicalRequest({ path, query, headers });
      const scope = createScope(day, region, SERVICE);
      const textToSign = `${ALGORITHM}\n${time}\n${scope}\n${hash("sha256", text)}`;
      const signature = createHmac("sha256", await keyOfDay(key, day))
        .update(textToSign)
        .digest("hex");
      headers.authorization = `${ALGORITHM} Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, for S3 and no body. */
function canonicalRequest({ path, query, headers }: Omit<SignableRequest, "now">) {
  const sorted = Object.keys(headers).sort();
  const names = sorted.join(";");
  let lines = "";
  for (const name of sorted) lines += `${name}:${foldSpaces(headers[name] ?? "")}\n`;
  return { names, text: `GET\n${path}\n${query}\n${lines}\n${names}\n${EMPTY_BODY_SHA256}` };
}

function foldSpaces(value: string): string {
  return /\s/.test(value) ? value.trim().replace(/\s+/g, " ") : value;
}

type Piece = string | ArrayBuffer | ArrayBufferView;

/** The HMAC with SHA-256 as the SDK asks for it, which hands over bytes, and no more than one piece of them. */
class Sha256 {
  readonly #secret: Piece | undefined;
  #digest: Uint8Array = new Uint8Array(0);

  constructor(secret?: Piece) {
    this.#secret = secret;
  }

  update(piece: Piece): void {
    this.#digest = createHmac("sha256", bytesOf(this.#secret ?? ""))
      .update(bytesOf(piece))
      .digest();
  }

  async digest(): Promise<Uint8Array> {
    return this.#digest;
  }
}

function bytesOf(piece: Piece): Uint8Array {
  if (typeof piece === "string") return Buffer.from(piece);
  return ArrayBuffer.isView(piece)
    ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
    : new Uint8Array(piece);
}

/** A key that ends is followed by another, and no request may be signed with halves of both. */
function isSameKey(one: Key, other: Key): boolean {
  return (
    one === other ||
    (one.accessKeyId === other.accessKeyId &&
      one.secretAccessKey === other.secretAccessKey &&
      one.sessionToken === other.sessionToken)
  );
}
