import { CHUNK_CHARS_MAX, CHUNK_CHARS_TARGET, CHUNKS_PER_DOCUMENT_MAX } from "@/lib/core/limits";

export type ChunkedText = {
  chunks: { content: string }[];
  /** True when the text goes on behind the last chunk that a document may have. */
  isCut: boolean;
};

/** No chunk ends before this many characters, so that a document of short sections does not become crumbs. */
const CUT_CHARS_MIN = Math.floor(CHUNK_CHARS_TARGET / 3);
/** What is left behind a cut is never shorter than this; a text never ends in a chunk of one word. */
const TAIL_CHARS_MIN = 200;

/**
 * Cuts a text into chunks of about CHUNK_CHARS_TARGET and at most CHUNK_CHARS_MAX characters (UTF-16 units).
 *
 * Chunks are exact slices of the text, in order, without the white space between them; none is blank and none
 * splits a surrogate pair. A cut is made at the best place in reach:
 *
 * | place                             | which one is taken                                  |
 * |-----------------------------------|-----------------------------------------------------|
 * | before a Markdown heading         | the last in reach                                   |
 * | after a blank line or a form feed | the last up to the target, else the first behind it |
 * | after a sentence                  | the same                                            |
 * | after a line                      | the same                                            |
 * | at white space                    | the same                                            |
 * | none of them                      | at the target                                       |
 *
 * Each step looks at no more than CHUNK_CHARS_MAX characters and moves on by a third of the target or more,
 * so the time is linear in the text, also for one line of megabytes.
 */
export function chunkText(text: string): ChunkedText {
  const chunks: { content: string }[] = [];
  const end = endWithoutSpace(text);
  let start = startOfWords(text, 0, end);
  while (start < end && chunks.length < CHUNKS_PER_DOCUMENT_MAX) {
    const cut = end - start <= CHUNK_CHARS_MAX ? end : findCut(text, start, end);
    chunks.push({ content: text.slice(start, cut).trimEnd() });
    start = startOfWords(text, cut, end);
  }
  return { chunks, isCut: start < end };
}

const PLACES = ["heading", "paragraph", "sentence", "line", "space"] as const;
type Place = (typeof PLACES)[number];

/** The end of the chunk that begins at `start`, where more than CHUNK_CHARS_MAX characters are left. */
function findCut(text: string, start: number, end: number): number {
  const target = start + CHUNK_CHARS_TARGET;
  const last = Math.min(start + CHUNK_CHARS_MAX, end - TAIL_CHARS_MIN);
  const upToTarget: Partial<Record<Place, number>> = {};
  const behindTarget: Partial<Record<Place, number>> = {};
  for (let at = start + CUT_CHARS_MIN; at <= last; at++) {
    const place = placeAt(text, at);
    if (place === null) continue;
    if (at <= target || place === "heading") upToTarget[place] = at;
    else behindTarget[place] ??= at;
  }
  for (const place of PLACES) {
    const cut = upToTarget[place] ?? behindTarget[place];
    if (cut !== undefined) return cut;
  }
  return isLowSurrogate(text.charCodeAt(target)) ? target - 1 : target;
}

/** What ends just before `at`, or null where a cut would be inside a word or a sentence's mark. */
function placeAt(text: string, at: number): Place | null {
  const before = text.charCodeAt(at - 1);
  if (before === LINE_FEED) {
    if (isHeadingAt(text, at)) return "heading";
    return isAfterBlankLine(text, at) ? "paragraph" : "line";
  }
  if (before === FORM_FEED) return "paragraph";
  if (isDenseSentenceEnd(before)) return isClosing(text.charCodeAt(at)) ? null : "sentence";
  if (!isSpace(text.charCodeAt(at))) {
    return isClosing(before) && isDenseSentenceEnd(text.charCodeAt(at - 2)) ? "sentence" : null;
  }
  const mark = isClosing(before) ? text.charCodeAt(at - 2) : before;
  return isSentenceEnd(mark) ? "sentence" : "space";
}

/** One to six `#` and a blank, as Markdown writes a heading. */
function isHeadingAt(text: string, at: number): boolean {
  let hashes = 0;
  while (hashes < 7 && text.charCodeAt(at + hashes) === HASH) hashes++;
  return hashes > 0 && hashes < 7 && isSpace(text.charCodeAt(at + hashes));
}

/** Whether the line that ends just before `at` is blank. A line of more than 16 blanks is taken for a filled one. */
function isAfterBlankLine(text: string, at: number): boolean {
  for (let before = at - 2; before >= Math.max(0, at - 18); before--) {
    const code = text.charCodeAt(before);
    if (code === LINE_FEED) return true;
    if (!isSpace(code)) return false;
  }
  return false;
}

const LINE_FEED = 10;
const FORM_FEED = 12;
const HASH = 35;

function isSentenceEnd(code: number): boolean {
  return code === 46 || code === 33 || code === 63 || code === 0x2026;
}

/** Marks that end a sentence with no blank behind them: 。！？｡ and the Devanagari danda. */
function isDenseSentenceEnd(code: number): boolean {
  return code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0xff61 || code === 0x0964;
}

/** `" ' )` and the closing ’ ” 」 』 ）, which belong to the sentence they close. */
function isClosing(code: number): boolean {
  if (code === 34 || code === 39 || code === 41) return true;
  return code === 0x2019 || code === 0x201d || code === 0x300d || code === 0x300f || code === 0xff09;
}

function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  if (code < 0xa0) return false;
  if (code === 0xa0 || code === 0x1680 || code === 0x3000 || code === 0xfeff) return true;
  return code >= 0x2000 && code <= 0x205f && SPACE.test(String.fromCharCode(code));
}
const SPACE = /\s/;

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function startOfWords(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function endWithoutSpace(text: string): number {
  let at = text.length;
  while (at > 0 && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}
