import { stemmer } from "stemmer";
import { TOKEN_CHARS_MAX } from "@/lib/core/limits";
import { widthAt } from "./characters";

export type FoldedWord = {
  /** What is stored and asked for; empty when nothing but marks was there. */
  token: string;
  /** The parts of a camelCase word, as tokens; empty for any other. */
  parts: readonly string[];
};

/** Forgotten as a whole when full: what matters is that the frequent words of a batch are there. */
const words = new Map<string, FoldedWord>();
const WORDS_KEPT_MAX = 50_000;

/**
 * One word as a token: lower case, without the diacritics of scripts where they are often left out, English words
 * (ASCII letters only) stemmed. A word longer than TOKEN_CHARS_MAX is cut there, for storing and asking alike.
 * `textWord` has gone through `normalizeText`.
 */
export function foldWord(textWord: string): FoldedWord {
  const known = words.get(textWord);
  if (known !== undefined) return known;
  const cut = cutToken(textWord);
  const folded = { token: stemToken(foldLetters(cut)), parts: camelCaseParts(cut) };
  if (cut.length < textWord.length) return folded;
  if (words.size >= WORDS_KEPT_MAX) words.clear();
  words.set(textWord, folded);
  return folded;
}

/**
 * A compound as one token, or null when it is too long for one: its words alone then say where it is.
 *
 * | joined by            | token                                 | so that                       |
 * |----------------------|---------------------------------------|-------------------------------|
 * | only hyphens, apostrophes | closed up and stemmed: `email`, `utf8`, `dont` | `e-mail` and `email` find each other |
 * | anything else        | as written: `foo_bar`, `3.11.7`       | it differs from `foo bar`     |
 */
export function foldCompound(compound: string): string | null {
  if (compound.length > TOKEN_CHARS_MAX) return null;
  const closedUp = CLOSED_UP.test(compound) ? compound.replace(/['-]/g, "") : compound.replaceAll("'", "");
  const token = stemToken(foldLetters(closedUp));
  return HAS_LETTER_OR_DIGIT.test(token) ? token : null;
}
const HAS_LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const CLOSED_UP = /^[^_./:@#+]+$/;

/** A token no longer than TOKEN_CHARS_MAX and without half a surrogate pair at its end. */
function cutToken(text: string): string {
  if (text.length <= TOKEN_CHARS_MAX) return text;
  const isPair = widthAt(text, TOKEN_CHARS_MAX - 1) === 2;
  return text.slice(0, isPair ? TOKEN_CHARS_MAX - 1 : TOKEN_CHARS_MAX);
}

function stemToken(token: string): string {
  const cut = cutToken(token);
  return ASCII_LETTERS.test(cut) ? stemmer(cut) : cut;
}
const ASCII_LETTERS = /^[a-z]+$/;

function foldLetters(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  return lower
    .normalize("NFD")
    .replace(OPTIONAL_MARKS, "")
    .normalize("NFC")
    .replace(SPELLED_OUT, (letter) => SPELLINGS[letter] ?? letter);
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII as a whole.
const ASCII = /^[\x00-\x7f]*$/;

/** Marks on Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowel signs and the tatweel. Those of Indic scripts stay. */
const OPTIONAL_MARKS =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;

/** Letters that Unicode does not take apart. */
const SPELLINGS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ς: "σ",
};
const SPELLED_OUT = /[ßæœøłđðþħıς]/g;

/** `getUserById` → get, user, by, id. One-letter parts do not count (`iPhone`, `eBay` stay whole). */
function camelCaseParts(word: string): readonly string[] {
  if (!CAMEL_CASE.test(word)) return NO_PARTS;
  const parts = word.split(CAMEL_CASE_SPLIT).filter((part) => part.length > 1);
  if (parts.length < 2) return NO_PARTS;
  return parts.map((part) => stemToken(foldLetters(part)));
}
const NO_PARTS: readonly string[] = [];
const CAMEL_CASE = /[a-z0-9][A-Z]|[A-Z][A-Z][a-z]{2}/;
const CAMEL_CASE_SPLIT = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})/;
