import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { SluiceError } from "@/lib/core/errors";
import { tooLarge } from "./s3-body";

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decodeGzip: Decode = promisify(gunzip);
const decodeZlib: Decode = promisify(inflate);
const decodeRaw: Decode = promisify(inflateRaw);
const decodeBrotli: Decode = promisify(brotliDecompress);

const ENCODINGS_MAX = 3;

/**
 * Undoes `Content-Encoding`, each step bounded by `bytesMax`: a small body that unfolds without end is
 * object_too_large after `bytesMax` bytes. `beforeUnfolding` is awaited ahead of each step.
 *
 *   gzip, x-gzip    decoded where the bytes are gzip; left as they are where the header lies, as uploads often do
 *   deflate         zlib's format or the raw one
 *   br              decoded
 *   identity, aws-chunked, unknown   left as they are (aws-chunked is how it was sent, not what is stored)
 *
 * Bytes that cannot be decoded are extract_failed.
 */
export async function decodeContent(
  bytes: Buffer,
  contentEncoding: string,
  { bytesMax, beforeUnfolding }: { bytesMax: number; beforeUnfolding?: () => Promise<void> },
): Promise<Buffer> {
  const encodings = contentEncoding.split(",").map((name) => name.trim().toLowerCase());
  let decoded = bytes;
  for (const encoding of encodings.toReversed().slice(0, ENCODINGS_MAX)) {
    const decode = decoderFor(encoding, decoded);
    if (decode === null || decoded.length === 0) continue;
    await beforeUnfolding?.();
    decoded = await decodeBounded({ decode, encoding, bytes: decoded, bytesMax });
  }
  return decoded;
}

function decoderFor(encoding: string, bytes: Buffer): Decode | null {
  if (encoding === "gzip" || encoding === "x-gzip")
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? decodeGzip : null;
  if (encoding === "deflate") return hasZlibHeader(bytes) ? decodeZlib : decodeRaw;
  return encoding === "br" ? decodeBrotli : null;
}

/** RFC 1950: method 8 and a check that makes the first two bytes a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

async function decodeBounded(args: {
  decode: Decode;
  encoding: string;
  bytes: Buffer;
  bytesMax: number;
}): Promise<Buffer> {
  try {
    return await args.decode(args.bytes, { maxOutputLength: args.bytesMax });
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "ERR_BUFFER_TOO_LARGE")
      throw tooLarge(args.bytesMax);
    throw new SluiceError({
      code: "extract_failed",
      effect: "skip",
      message: `The object says it is compressed with ${args.encoding}, but cannot be decompressed`,
      cause: error,
    });
  }
}
