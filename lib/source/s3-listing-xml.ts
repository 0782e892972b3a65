import { isUtf8 } from "node:buffer";
import type { Listing, ListingEntry } from "./s3-requests";
import { MalformedXml, type Place, XmlReader } from "./xml-reader";

const named = (name: string) => Buffer.from(name, "latin1");

const CONTENTS = named("Contents");
const KEY = named("Key");
const LAST_MODIFIED = named("LastModified");
const ETAG = named("ETag");
const SIZE = named("Size");
const STORAGE_CLASS = named("StorageClass");
const IS_TRUNCATED = named("IsTruncated");
const NEXT_TOKEN = named("NextContinuationToken");
const ENCODING_TYPE = named("EncodingType");
const KEY_COUNT = named("KeyCount");

const ZERO = 0x30;
const HYPHEN = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

/**
 * A ListObjectsV2 answer. Elements come in any order, and those that Sluice does not ask about are passed over, so
 * a document of another kind is a listing without anything in it. Throws MalformedXml.
 */
export function parseListing(bytes: Buffer): Listing {
  const listing: Listing = {
    isTruncated: null,
    nextToken: null,
    encodingType: null,
    keyCount: null,
    entries: null,
    isUtf8: isUtf8(bytes),
    bytes: bytes.length,
  };
  const xml = new XmlReader(bytes);
  xml.enterRoot();
  while (xml.enter()) {
    if (xml.isNamed(CONTENTS)) {
      listing.entries ??= [];
      listing.entries.push(parseEntry(xml, bytes));
    } else if (xml.isNamed(IS_TRUNCATED)) listing.isTruncated = parseBoolean(xml.text());
    else if (xml.isNamed(NEXT_TOKEN)) listing.nextToken = xml.text();
    else if (xml.isNamed(ENCODING_TYPE)) listing.encodingType = xml.text();
    else if (xml.isNamed(KEY_COUNT)) listing.keyCount = parseCount(bytes, xml.place());
    else xml.skip();
  }
  return listing;
}

function parseEntry(xml: XmlReader, bytes: Buffer): ListingEntry {
  const entry: ListingEntry = {
    key: null,
    etag: null,
    sizeBytes: null,
    lastModified: null,
    storageClass: null,
  };
  while (xml.enter()) {
    if (xml.isNamed(KEY)) entry.key = xml.text();
    else if (xml.isNamed(LAST_MODIFIED)) entry.lastModified = parseTime(bytes, xml.place());
    else if (xml.isNamed(ETAG)) entry.etag = xml.text();
    else if (xml.isNamed(SIZE)) entry.sizeBytes = parseCount(bytes, xml.place());
    else if (xml.isNamed(STORAGE_CLASS)) entry.storageClass = xml.text();
    else xml.skip();
  }
  return entry;
}

function parseBoolean(text: string): boolean {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw new MalformedXml("neither true nor false");
}

/** Null for what is no count; who needs it refuses. */
function parseCount(bytes: Buffer, { start, end }: Place): number | null {
  const count = digits(bytes, start, end);
  return end > start && Number.isSafeInteger(count) ? count : null;
}

/** RFC 3339: `2026-01-02T03:04:05`, then a fraction or none, then a zone, which nearly always is `Z`. */
function parseTime(bytes: Buffer, { start, end }: Place): number {
  const isSeparated =
    bytes[start + 4] === HYPHEN &&
    bytes[start + 7] === HYPHEN &&
    bytes[start + 10] === LETTER_T &&
    bytes[start + 13] === COLON &&
    bytes[start + 16] === COLON;
  const seconds = Date.UTC(
    digits(bytes, start, start + 4),
    digits(bytes, start + 5, start + 7) - 1,
    digits(bytes, start + 8, start + 10),
    digits(bytes, start + 11, start + 13),
    digits(bytes, start + 14, start + 16),
    digits(bytes, start + 17, start + 19),
  );
  const time = seconds + zoneAndFraction(bytes, start + 19, end);
  if (!isSeparated || Number.isNaN(time)) throw new MalformedXml("not a time");
  return time;
}

/** What stands behind the seconds, as milliseconds to add; NaN where it is not of RFC 3339. */
function zoneAndFraction(bytes: Buffer, start: number, end: number): number {
  const isUtc = bytes[end - 1] === LETTER_Z;
  if (isUtc && end === start + 1) return 0;
  if (isUtc && end === start + 5 && bytes[start] === POINT) return digits(bytes, start + 1, start + 4);
  const text = bytes.toString("latin1", start, Math.max(start, end));
  const found = /^(\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (found === null) return Number.NaN;
  const [, fraction = "0", sign = "+", hours = "0", minutes = "0"] = found;
  const offsetMinutes = (Number(hours) * 60 + Number(minutes)) * (sign === "+" ? -1 : 1);
  return Math.round(Number(fraction) * 1_000) + offsetMinutes * 60_000;
}

/** The number in these places, or NaN. */
function digits(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
