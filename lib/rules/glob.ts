import { RE2JS } from "re2js";
import { GLOB_CHARS_MAX, GLOBS_MAX } from "@/lib/core/limits";

export type CompiledGlobs = { matchKey(key: string): boolean } | { problem: string };

/**
 * Compiles globs into one question: does a key meet any of them? Or says in a sentence why one is refused.
 *
 *   *        any characters but a slash      [abc], [a-z]   one of these
 *   **       any characters                  [!abc]         one that is none of these and no slash
 *   ?        one character but a slash       {pdf,docx}     one of these, which may be globs themselves
 *   \*       the character itself
 *
 * Two stars as a whole folder also stand for no folder at all. A glob is compared with the whole key, case and all:
 * `docs/*.md` leaves `old/docs/a.md` out. One without a slash is compared with what follows the key's last slash, as
 * users of .gitignore and rclone expect: `*.md` means every folder. One that ends with a slash means all below it.
 * They become RE2, which runs in time linear to the key's length.
 */
export function compileGlobs(globs: readonly string[]): CompiledGlobs {
  if (globs.length > GLOBS_MAX) {
    return { problem: `There are ${globs.length} globs; there may be at most ${GLOBS_MAX}.` };
  }
  const patterns: string[] = [];
  for (const glob of globs) {
    const translated = translateGlob(glob);
    if ("problem" in translated) return translated;
    patterns.push(translated.pattern);
  }
  const pattern = RE2JS.compile(patterns.join("|"), RE2JS.DOTALL);
  return { matchKey: (key) => pattern.testExact(key) };
}

type Translated = { pattern: string } | { problem: string };

function translateGlob(glob: string): Translated {
  if (glob === "") return { problem: "A glob is empty." };
  if (glob.length > GLOB_CHARS_MAX) {
    return { problem: `A glob has ${glob.length} characters; it may have at most ${GLOB_CHARS_MAX}.` };
  }
  const pieces = translatePieces(glob.endsWith("/") ? `${glob}**` : glob);
  if ("problem" in pieces) return { problem: `The glob "${glob}" ${pieces.problem}.` };
  return { pattern: glob.includes("/") ? `(?:${pieces.pattern})` : `(?:(?:.*/)?(?:${pieces.pattern}))` };
}

/** What a glob is read in. A class may begin with the bracket that would close it. */
const PIECE = /\*\*\/|\*\*|\[(?<not>[!^]?)(?<members>\]?[^\]]*)\]|\\(?<escaped>.)|./gsu;

function translatePieces(glob: string): Translated {
  let pattern = "";
  let depth = 0;
  for (const { 0: piece, index, groups } of glob.matchAll(PIECE)) {
    const isInBraces = depth > 0;
    if (groups?.members !== undefined) {
      const translated = translateClass(groups.members, groups.not !== "");
      if ("problem" in translated) return translated;
      pattern += translated.pattern;
    } else if (piece === "[") {
      return { problem: "has a [ without its ]" };
    } else if (piece === "\\") {
      return { problem: "ends with a backslash" };
    } else if (piece === "{") {
      depth += 1;
      pattern += "(?:";
    } else if (piece === "}" && isInBraces) {
      depth -= 1;
      pattern += ")";
    } else if (piece === "," && isInBraces) {
      pattern += "|";
    } else if (piece === "**/") {
      pattern += BEGINS_FOLDER.test(glob.slice(0, index)) ? "(?:.*/)?" : ".*/";
    } else {
      pattern += WILDCARDS[piece] ?? RE2JS.quote(groups?.escaped ?? piece);
    }
  }
  return depth === 0 ? { pattern } : { problem: "has a { without its }" };
}

const BEGINS_FOLDER = /(?:^|[/{,])$/;
const WILDCARDS: Readonly<Record<string, string>> = { "**": ".*", "*": "[^/]*", "?": "[^/]" };

/** The members of `[…]` as RE2 writes them. A slash is never among them: a class stays within its folder. */
function translateClass(members: string, isNegated: boolean): Translated {
  const points = [...members].map((character) => character.codePointAt(0) ?? 0);
  const ranges: string[] = [];
  for (let at = 0; at < points.length; at++) {
    const from = points[at] ?? 0;
    const isRange = points[at + 1] === DASH && at + 2 < points.length;
    const to = isRange ? (points[at + 2] ?? from) : from;
    if (isRange) at += 2;
    if (to < from) return { problem: `has [${members}], whose range runs backwards` };
    ranges.push(...withoutSlash(from, to));
  }
  if (isNegated) return { pattern: `[^${ranges.join("")}/]` };
  return ranges.length > 0
    ? { pattern: `[${ranges.join("")}]` }
    : { problem: `has [${members}], which no character meets` };
}

const DASH = 0x2d;
const SLASH = 0x2f;

function withoutSlash(from: number, to: number): string[] {
  if (to < SLASH || from > SLASH) return [rangeText(from, to)];
  const below = from < SLASH ? [rangeText(from, SLASH - 1)] : [];
  return to > SLASH ? [...below, rangeText(SLASH + 1, to)] : below;
}

const rangeText = (from: number, to: number) => `\\x{${from.toString(16)}}-\\x{${to.toString(16)}}`;
