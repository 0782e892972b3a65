import { BREAK, DENSE, JOIN, kindAt, WORD, widthAt } from "./characters";

/** Told what stands where, in the order of the text; `end` is exclusive. */
export type TextVisitor = {
  /** A word, also one that is part of a compound. */
  word(start: number, end: number): void;
  /** Words with their joiners, told after its words: `foo_bar`, `3.11.7`, `c++`, `.net`. */
  compound(start: number, end: number): void;
  /** Characters of scripts without spaces. */
  run(start: number, end: number): void;
};

/** Walks over a normalized text once and names its words, compounds and runs. */
export function scanText(text: string, visitor: TextVisitor): void {
  let at = 0;
  while (at < text.length) {
    const kind = kindAt(text, at);
    if (kind === WORD) at = scanUnit(text, at, at, visitor);
    else if (kind === DENSE) at = scanRun(text, at, visitor);
    else if (kind === JOIN && isLeading(text, at)) at = scanUnit(text, at, at + 1, visitor);
    else at += kind === BREAK ? widthAt(text, at) : 1;
  }
}

function scanUnit(text: string, unitStart: number, firstWord: number, visitor: TextVisitor): number {
  let wordStart = firstWord;
  let end = endOfKind(text, wordStart, WORD);
  visitor.word(wordStart, end);
  let isCompound = unitStart < firstWord;
  while (kindAt(text, end) === JOIN && kindAt(text, end + 1) === WORD) {
    wordStart = end + 1;
    end = endOfKind(text, wordStart, WORD);
    visitor.word(wordStart, end);
    isCompound = true;
  }
  const closed = endOfSuffix(text, end);
  if (isCompound || closed > end) visitor.compound(unitStart, closed);
  return closed;
}

function scanRun(text: string, start: number, visitor: TextVisitor): number {
  const end = endOfKind(text, start, DENSE);
  visitor.run(start, end);
  return end;
}

function endOfKind(text: string, start: number, kind: typeof WORD | typeof DENSE): number {
  let at = start;
  while (kindAt(text, at) === kind) at += widthAt(text, at);
  return at;
}

const LEADING = ".@#";
const SUFFIX = "+#";
const SUFFIX_CHARS_MAX = 2;

/** `.net`, `@name` and `#12` keep their sign, unless it follows a word or another sign (`etc..net`). */
function isLeading(text: string, at: number): boolean {
  if (!LEADING.includes(text.charAt(at)) || kindAt(text, at + 1) !== WORD) return false;
  const before = at === 0 ? BREAK : kindAt(text, at - 1);
  return before === BREAK || before === DENSE;
}

/** The end with the signs of `c++`, `g++` and `c#`. */
function endOfSuffix(text: string, end: number): number {
  let at = end;
  while (at < end + SUFFIX_CHARS_MAX && at < text.length && SUFFIX.includes(text.charAt(at))) at++;
  return at;
}
