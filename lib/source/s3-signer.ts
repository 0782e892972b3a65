import { hash } from "node:crypto";
import { SignatureV4, type SignatureV4Init } from "@smithy/signature-v4";
import { hashingForOneKey } from "./signer-hashing";

/** Every request of ours has an empty body. */
const EMPTY_BODY_SHA256 = hash("sha256", "");

const ALGORITHM = "AWS4-HMAC-SHA256";

export type S3Signer = {
  /**
   * Adds the signature of a GET to its headers, and what it was made with. All headers that are given are signed;
   * `host` must be one of them. `path` and `query` are encoded as they are sent, the query's names in order.
   */
  sign(request: SignableRequest): Promise<void>;
};

type SignableRequest = { path: string; query: string; headers: Record<string, string>; now: number };
type Key = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
type KeySigner = { key: Key; signer: SignatureV4 };

/**
 * Signs for one region of S3. Keys of a day and signatures are the SDK's; what they are made of is put together here,
 * for a GET without a body, since the SDK takes longer for that than all else takes that a small object needs.
 */
export function openSigner(args: { region: string; credentials: SignatureV4Init["credentials"] }): S3Signer {
  const { region, credentials } = args;
  let last: KeySigner | null = null;

  const signerOf = (key: Key): SignatureV4 => {
    if (last === null || !isSameKey(last.key, key)) last = { key, signer: signerWith(key, region) };
    return last.signer;
  };

  return {
    async sign({ path, query, headers, now }) {
      const key = typeof credentials === "function" ? await credentials() : credentials;
      const signingDate = new Date(now);
      const time = signingDate.toISOString().replace(/[-:]|\.\d+/g, "");
      // A copy of the headers would cost as much as half the signature.
      headers["x-amz-content-sha256"] = EMPTY_BODY_SHA256;
      headers["x-amz-date"] = time;
      if (key.sessionToken) headers["x-amz-security-token"] = key.sessionToken;
      const { names, text } = canonicalRequest({ path, query, headers });
      const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
      const textToSign = `${ALGORITHM}\n${time}\n${scope}\n${hash("sha256", text)}`;
      const signature = await signerOf(key).sign(textToSign, { signingDate });
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

function signerWith(credentials: Key, region: string): SignatureV4 {
  return new SignatureV4({ service: "s3", region, credentials, sha256: hashingForOneKey() });
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
