import { isAscii } from "node:buffer";
import { XML_DEPTH_MAX } from "@/lib/core/limits";

/** What was sent is not XML, not all of it, or nested deeper than any answer of S3. */
export class MalformedXml extends Error {
  override readonly name = "MalformedXml";
}

/** From the byte at `start` to the one before `end`. */
export type Place = { start: number; end: number };

const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION_MARK = 0x3f;
const CARRIAGE_RETURN = 0x0d;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const SPACE = 0x20;
const POINT_MAX = 0x10ffff;
const CDATA = "<![CDATA[";

const ENTITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }),
);

/**
 * Reads an XML document from its first byte to its last, element by element, without building a tree. Document
 * types are refused, and end tags must belong to their start tags.
 *
 * In UTF-8 every byte of markup is ASCII, so only texts that are asked for are decoded; and each is a string of its
 * own, which does not keep the document in memory.
 */
export class XmlReader {
  readonly #bytes: Buffer;
  /** ASCII alone is decoded faster when it is called by its name. */
  readonly #encoding: "latin1" | "utf8";
  readonly #hasCarriageReturns: boolean;
  #at = 0;
  /** Where the names of the open elements begin and end; the root's are at 1. */
  readonly #nameStarts = new Int32Array(XML_DEPTH_MAX + 1);
  readonly #nameEnds = new Int32Array(XML_DEPTH_MAX + 1);
  #depth = 0;
  readonly #place: Place = { start: 0, end: 0 };
  /** The element entered last is `<of this kind/>`: it has no content and no end tag. */
  #isEmpty = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#encoding = isAscii(bytes) ? "latin1" : "utf8";
    this.#hasCarriageReturns = bytes.includes(CARRIAGE_RETURN);
  }

  /** Enters the root element. The first call of all. */
  enterRoot(): void {
    if (!this.enter()) throw new MalformedXml("no root element");
  }

  /** Enters the next child of the element that is open, or leaves that element: false. */
  enter(): boolean {
    if (this.#isEmpty) {
      this.#leave();
      return false;
    }
    // Each round passes a piece of markup, and the document ends.
    for (;;) {
      const at = this.#findLessThan(this.#at);
      const next = this.#bytes[at + 1];
      if (next === SLASH) {
        this.#readEndTag(at);
        return false;
      }
      if (next !== BANG && next !== QUESTION_MARK) {
        this.#readStartTag(at);
        return true;
      }
      this.#at = this.#endOfMarkup(at);
    }
  }

  /** Whether the element that is open has this name. */
  isNamed(name: Uint8Array): boolean {
    const start = this.#nameStarts[this.#depth] ?? 0;
    const end = this.#nameEnds[this.#depth] ?? 0;
    return end - start === name.length && this.#isSame(start, name, 0, name.length);
  }

  /** The text of the element that is open, which is left. It may have no children. */
  text(): string {
    if (this.#isEmpty) {
      this.#leave();
      return "";
    }
    let text = this.#readText();
    while (this.#bytes[this.#at + 1] !== SLASH) {
      const start = this.#at;
      this.#at = this.#endOfMarkup(start);
      if (this.#startsWith(start, CDATA))
        text += this.#bytes.toString("utf8", start + CDATA.length, this.#at - 3);
      text += this.#readText();
    }
    this.#readEndTag(this.#at);
    return text;
  }

  /**
   * Where the content of the element that is open stands in the document, still encoded; the element is left. For
   * numbers and the like, of which no text need be made. The place is the reader's own until it is asked again.
   */
  place(): Readonly<Place> {
    const start = this.#at;
    const end = this.#isEmpty ? start : this.#findLessThan(start);
    this.#place.start = start;
    this.#place.end = end;
    if (this.#isEmpty) this.#leave();
    else this.#readEndTag(end);
    return this.#place;
  }

  /** Leaves the element that is open, whatever is in it. */
  skip(): void {
    for (let open = 1; open > 0; ) open += this.enter() ? 1 : -1;
  }

  /** Up to the next `<`, where the reader then stands. */
  #readText(): string {
    const start = this.#at;
    this.#at = this.#findLessThan(start);
    const raw = this.#bytes.toString(this.#encoding, start, this.#at);
    const text = this.#hasCarriageReturns ? raw.replace(/\r\n?/g, "\n") : raw;
    return text.includes("&") ? decodeReferences(text) : text;
  }

  #readStartTag(at: number): void {
    const nameEnd = this.#findNameEnd(at + 1);
    if (nameEnd === at + 1) throw new MalformedXml("a tag without a name");
    const end = this.#bytes[nameEnd] === GREATER_THAN ? nameEnd : this.#findTagEnd(nameEnd);
    if (this.#depth === XML_DEPTH_MAX) throw new MalformedXml("too deep");
    this.#depth++;
    this.#nameStarts[this.#depth] = at + 1;
    this.#nameEnds[this.#depth] = nameEnd;
    this.#isEmpty = this.#bytes[end - 1] === SLASH;
    this.#at = end + 1;
  }

  #readEndTag(at: number): void {
    const start = this.#nameStarts[this.#depth] ?? 0;
    const length = (this.#nameEnds[this.#depth] ?? 0) - start;
    const end = at + 2 + length;
    const isClosed = this.#bytes[end] === GREATER_THAN;
    const isEnd = this.#depth > 0 && this.#bytes[at + 1] === SLASH;
    const isSame = isEnd && this.#isSame(at + 2, this.#bytes, start, length);
    if (!isSame || !(isClosed || this.#findNameEnd(end) === end))
      throw new MalformedXml("an end tag that belongs to no start tag");
    this.#at = (isClosed ? end : this.#findTagEnd(end)) + 1;
    this.#leave();
  }

  #leave(): void {
    this.#depth--;
    this.#isEmpty = false;
  }

  /** Behind a comment, a processing instruction or a CDATA section. */
  #endOfMarkup(at: number): number {
    if (this.#startsWith(at, "<?")) return this.#behind("?>", at + 2);
    if (this.#startsWith(at, "<!--")) return this.#behind("-->", at + 4);
    if (this.#startsWith(at, CDATA)) return this.#behind("]]>", at + CDATA.length);
    throw new MalformedXml("markup that is not read");
  }

  #behind(closing: string, from: number): number {
    const at = this.#bytes.indexOf(closing, from, "latin1");
    if (at === -1) throw new MalformedXml("markup without an end");
    return at + closing.length;
  }

  #findLessThan(from: number): number {
    const bytes = this.#bytes;
    for (let at = from; at < bytes.length; at++) if (bytes[at] === LESS_THAN) return at;
    throw new MalformedXml("the document is cut short");
  }

  #findNameEnd(from: number): number {
    const bytes = this.#bytes;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      // Letters come behind all that ends a name.
      if (byte <= GREATER_THAN && (byte === GREATER_THAN || byte <= SPACE || byte === SLASH)) return at;
    }
    throw new MalformedXml("the document is cut short");
  }

  /** The `>` of a tag; one inside an attribute's quotes is not it. */
  #findTagEnd(from: number): number {
    const bytes = this.#bytes;
    let quote = 0;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (quote !== 0) quote = byte === quote ? 0 : quote;
      else if (byte === GREATER_THAN) return at;
      else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) quote = byte;
    }
    throw new MalformedXml("the document is cut short");
  }

  #startsWith(at: number, text: string): boolean {
    return this.#bytes.toString("latin1", at, at + text.length) === text;
  }

  #isSame(at: number, other: Uint8Array, start: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== other[start + i]) return false;
    return true;
  }
}

function decodeReferences(text: string): string {
  let decoded = "";
  let from = 0;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", from)) {
    const end = text.indexOf(";", at);
    const character = end === -1 ? null : decodeReference(text.slice(at + 1, end));
    // An ampersand that begins no reference stands for itself, as careless servers mean it.
    decoded += text.slice(from, at) + (character ?? "&");
    from = character === null ? at + 1 : end + 1;
  }
  return decoded + text.slice(from);
}

function decodeReference(name: string): string | null {
  const known = ENTITIES.get(name);
  if (known !== undefined) return known;
  const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (number === null) {
    if (/^[a-z]{1,8}$/i.test(name)) throw new MalformedXml("an entity of the document's own");
    return null;
  }
  const [, hex, decimal] = number;
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (point > POINT_MAX) throw new MalformedXml("a character that does not exist");
  return String.fromCodePoint(point);
}
