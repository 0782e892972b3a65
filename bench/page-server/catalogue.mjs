import { createHash } from "node:crypto";
import { FORMS } from "../corpus/contents.mjs";
import { Keys } from "../corpus/keys.mjs";

const ETAG_BYTES = 16;
/** One object in a page: 190 bytes of tags and values, and its key. */
const ENTRY_BYTES_MAX = 320;
const FIRST_MODIFIED_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
const SHARE_STEPS = 100_000;

/**
 * Every object of the served bucket. The XML of all objects stands in one buffer in the order of the keys, so that
 * any page, wherever it begins and ends, is a slice of it and costs nothing to render.
 */
export class Catalogue {
  /** `pageDelayMs`: what each page takes, as it does from a store that is far away. */
  constructor({ count, form, pageDelayMs = 0 }) {
    this.form = FORMS[form];
    this.pageDelayMs = pageDelayMs;
    this.keys = new Keys(count, this.form.ending);
    this.count = count;
    this.generation = 0;
    this.changedShare = 0;
    this.etags = Buffer.alloc(count * ETAG_BYTES);
    this.sizes = new Uint32Array(count);
    this.offsets = new Float64Array(count + 1);
    this.entries = Buffer.allocUnsafe(count * ENTRY_BYTES_MAX);
    for (let number = 0; number < count; number++) {
      const end = this.#render(number, this.offsets[number]);
      this.offsets[number + 1] = end;
    }
  }

  /**
   * From now on this share of the objects has the content, the ETag and the date of a generation; the others have
   * those of generation 0. The same share is always the same objects.
   */
  change({ generation, share }) {
    const before = this.changedShare;
    this.generation = generation;
    this.changedShare = share;
    for (let number = 0; number < this.count; number++) {
      if (isWithin(number, Math.max(before, share))) this.#render(number, this.offsets[number]);
    }
  }

  bytesOf(number) {
    return this.form.bytesOf(number, this.#generationOf(number));
  }

  etagOf(number) {
    return `"${this.etags.toString("hex", number * ETAG_BYTES, (number + 1) * ETAG_BYTES)}"`;
  }

  modifiedOf(number) {
    return new Date(FIRST_MODIFIED_MS + number * 1_000 + this.#generationOf(number) * DAY_MS);
  }

  /** The XML of the objects [from, until). */
  entriesOf(from, until) {
    return this.entries.subarray(this.offsets[from], this.offsets[until]);
  }

  #generationOf(number) {
    return isWithin(number, this.changedShare) ? this.generation : 0;
  }

  /** Writes an object's XML at an offset and answers where it ends. Its length is the same in every generation. */
  #render(number, offset) {
    const bytes = this.bytesOf(number);
    const etag = createHash("md5").update(bytes).digest();
    etag.copy(this.etags, number * ETAG_BYTES);
    this.sizes[number] = bytes.length;
    const entry =
      `<Contents><Key>${this.keys.keyOf(number)}</Key>` +
      `<LastModified>${this.modifiedOf(number).toISOString()}</LastModified>` +
      `<ETag>&quot;${etag.toString("hex")}&quot;</ETag><Size>${bytes.length}</Size>` +
      "<StorageClass>STANDARD</StorageClass></Contents>";
    const end = offset + this.entries.latin1Write(entry, offset);
    if (end - offset !== entry.length) throw new Error("An entry is longer than its place.");
    if (this.offsets[number + 1] > 0 && this.offsets[number + 1] !== end) {
      throw new Error(`The content of object ${number} changed its length with its generation.`);
    }
    return end;
  }
}

/** Spreads the changed objects evenly: every number has a place in [0, 1) that does not change. */
function isWithin(number, share) {
  return (Math.imul(number, 0x9e3779b1) >>> 0) % SHARE_STEPS < share * SHARE_STEPS;
}
