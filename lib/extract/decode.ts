import { isUtf8 } from "node:buffer";
import { analyse } from "chardet";
import iconv from "iconv-lite";
import { controlShare, findUtf16 } from "./byte-shape";

/** How much of an object is looked at when its encoding is guessed. */
const SAMPLE_BYTES = 64 * 1024;
/** Binary that happens to be valid UTF-8 is mostly zeros; a text with a few stray NULs stays below this. */
const UTF8_CONTROL_SHARE_MAX = 0.1;
const LEGACY_CONTROL_SHARE_MAX = 0.01;
/** Below this chardet only guesses; Windows-1252 reads every byte and is what such files most often are. */
const CONFIDENCE_MIN = 10;
const FALLBACK = "windows-1252";

/**
 * Turns the bytes of a text into a string, or returns null when they are no text.
 *
 *   byte order mark                          that encoding
 *   valid UTF-8, next to no controls         UTF-8, whatever the file declares
 *   every other byte tells of UTF-16         UTF-16, little or big endian
 *   more than a trace of control characters  null: binary
 *   `declared` (HTML meta, XML declaration)  that encoding
 *   else                                     what chardet finds likeliest
 */
export function decodeText(bytes: Uint8Array, declared: string | null): string | null {
  const marked = findByteOrderMark(bytes);
  if (marked !== null) return decodeMarked(bytes, marked);

  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const controls = controlShare(sample);
  const isValidUtf8 = isUtf8(bytes);
  if (isValidUtf8 && controls === 0) return bufferOver(bytes).toString("utf8");

  const utf16 = controls > 0 ? findUtf16(sample) : null;
  if (utf16 !== null) return iconv.decode(bytes, utf16);
  if (isValidUtf8) return controls <= UTF8_CONTROL_SHARE_MAX ? bufferOver(bytes).toString("utf8") : null;
  if (controls > LEGACY_CONTROL_SHARE_MAX) return null;
  return iconv.decode(bytes, supported(declared) ?? guessEncoding(bytes));
}

/** True when a byte order mark or clean bytes make this a text before any magic number is asked. */
export function looksLikeText(bytes: Uint8Array): boolean {
  return findByteOrderMark(bytes) !== null || controlShare(bytes.subarray(0, SAMPLE_BYTES)) === 0;
}

const BYTE_ORDER_MARKS = [
  { mark: [0xef, 0xbb, 0xbf], encoding: "utf8" },
  { mark: [0xff, 0xfe, 0x00, 0x00], encoding: "utf-32le" },
  { mark: [0x00, 0x00, 0xfe, 0xff], encoding: "utf-32be" },
  { mark: [0xff, 0xfe], encoding: "utf-16le" },
  { mark: [0xfe, 0xff], encoding: "utf-16be" },
] as const;
type MarkedEncoding = (typeof BYTE_ORDER_MARKS)[number]["encoding"];

function findByteOrderMark(bytes: Uint8Array): MarkedEncoding | null {
  const found = BYTE_ORDER_MARKS.find(({ mark }) => mark.every((byte, at) => bytes[at] === byte));
  return found?.encoding ?? null;
}

/** Some binaries begin with the bytes of a mark, so what comes out is looked at once more. */
function decodeMarked(bytes: Uint8Array, encoding: MarkedEncoding): string | null {
  const text = iconv.decode(bytes, encoding);
  const sample = Buffer.from(text.slice(0, SAMPLE_BYTES), "utf8");
  return controlShare(sample) <= UTF8_CONTROL_SHARE_MAX ? text : null;
}

function guessEncoding(bytes: Uint8Array): string {
  const matches = analyse(sampleAroundFirstNonAscii(bytes));
  const best = matches.find((match) => match.confidence >= CONFIDENCE_MIN && supported(match.name) !== null);
  return supported(best?.name ?? null) ?? FALLBACK;
}

/** A log may be ASCII for megabytes before its first accent; the guess needs to see the accent. */
function sampleAroundFirstNonAscii(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  const lineStart = bytes.lastIndexOf(0x0a, Math.max(0, first - 1)) + 1;
  const from = first - lineStart < SAMPLE_BYTES / 2 ? lineStart : first;
  return bytes.subarray(Math.max(0, from), Math.max(0, from) + SAMPLE_BYTES);
}

/** The name that iconv-lite knows, or null. As browsers do, ISO-8859-1 is read as its superset Windows-1252. */
function supported(name: string | null): string | null {
  if (name === null || !iconv.encodingExists(name)) return null;
  if (/^(utf-?(8|16|32)|ucs|base64|hex|binary|internal)/i.test(name))
    return /^utf-?8/i.test(name) ? "utf8" : null;
  return /^(iso-?8859-?1|latin-?1|ascii|us-ascii)$/i.test(name) ? FALLBACK : name;
}

function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
