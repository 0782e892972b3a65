import { isUtf8 } from "node:buffer";
import type { Listing, ListingEntry } from "./s3-requests";
import { MalformedXml, XmlReader } from "./xml-reader";

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
      listing.entries.push(parseEntry(xml));
    } else if (xml.isNamed(IS_TRUNCATED)) listing.isTruncated = parseBoolean(xml.text());
    else if (xml.isNamed(NEXT_TOKEN)) listing.nextToken = xml.text();
    else if (xml.isNamed(ENCODING_TYPE)) listing.encodingType = xml.text();
    else if (xml.isNamed(KEY_COUNT)) listing.keyCount = parseCount(xml.text());
    else xml.skip();
  }
  return listing;
}

function parseEntry(xml: XmlReader): ListingEntry {
  const entry: ListingEntry = {
    key: null,
    etag: null,
    sizeBytes: null,
    lastModified: null,
    storageClass: null,
  };
  while (xml.enter()) {
    if (xml.isNamed(KEY)) entry.key = xml.text();
    else if (xml.isNamed(LAST_MODIFIED)) entry.lastModified = parseTime(xml.text());
    else if (xml.isNamed(ETAG)) entry.etag = xml.text();
    else if (xml.isNamed(SIZE)) entry.sizeBytes = parseCount(xml.text());
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
function parseCount(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** RFC 3339; nearly always in UTC with milliseconds or without. */
function parseTime(text: string): number {
  const time =
    Date.UTC(
      digits(text, 0, 4),
      digits(text, 5, 7) - 1,
      digits(text, 8, 10),
      digits(text, 11, 13),
      digits(text, 14, 16),
      digits(text, 17, 19),
    ) + zoneAndFraction(text);
  const isSeparated =
    text[4] === "-" && text[7] === "-" && text[10] === "T" && text[13] === ":" && text[16] === ":";
  if (Number.isNaN(time) || !isSeparated) throw new MalformedXml("not a time");
  return time;
}

/** What stands behind the seconds, as milliseconds to add; NaN where it is not of RFC 3339. */
function zoneAndFraction(text: string): number {
  if (text.length === 24 && text.endsWith("Z") && text[19] === ".") return digits(text, 20, 23);
  if (text.length === 20 && text.endsWith("Z")) return 0;
  const found = /^(\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text.slice(19));
  if (found === null) return Number.NaN;
  const [, fraction = "0", sign = "+", hours = "0", minutes = "0"] = found;
  const offsetMinutes = (Number(hours) * 60 + Number(minutes)) * (sign === "+" ? -1 : 1);
  return Math.round(Number(fraction) * 1_000) + offsetMinutes * 60_000;
}

/** The number in these places of a text, or NaN. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
