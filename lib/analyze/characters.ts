/** What a character does when text is cut into tokens. */
export const BREAK = 1;
/** A letter, digit or mark of a script that puts spaces between words. */
export const WORD = 2;
/** One of `_ . - / : @ # + '`: alone between two WORD characters it joins them into a compound. */
export const JOIN = 3;
/** A character of a script without spaces, which is stored in pairs. */
export const DENSE = 4;
export type CharacterKind = typeof BREAK | typeof WORD | typeof JOIN | typeof DENSE;

/** The kind of the character that begins at `at`; behind the end of the text everything is a BREAK. */
export function kindAt(text: string, at: number): CharacterKind {
  const code = text.charCodeAt(at);
  if (code >= 0xd800 && code <= 0xdbff) return classify(text.codePointAt(at) ?? code);
  return kindOfUnit(code);
}

/** 2 for a surrogate pair, else 1. */
export function widthAt(text: string, at: number): 1 | 2 {
  const code = text.charCodeAt(at);
  if (code < 0xd800 || code > 0xdbff) return 1;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}

/** Kinds by UTF-16 unit, filled as they are asked for; zero is "not asked yet". */
const kinds = new Uint8Array(65_536);

function kindOfUnit(code: number): CharacterKind {
  const known = kinds[code];
  if (known === WORD || known === BREAK || known === JOIN || known === DENSE) return known;
  if (Number.isNaN(code)) return BREAK;
  const kind = classify(code);
  kinds[code] = kind;
  return kind;
}

const JOINERS = "_.-/:@#+'";
/** Han to Hangul, and Thai to Myanmar, which have no spaces either; ー and its like count with the kana. */
const DENSE_SCRIPTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]/u;
const LETTER_DIGIT_OR_MARK = /[\p{L}\p{N}\p{M}]/u;

function classify(codePoint: number): CharacterKind {
  const character = String.fromCodePoint(codePoint);
  if (JOINERS.includes(character)) return JOIN;
  if (!LETTER_DIGIT_OR_MARK.test(character)) return BREAK;
  return DENSE_SCRIPTS.test(character) ? DENSE : WORD;
}
