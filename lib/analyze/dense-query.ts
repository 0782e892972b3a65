import type { FoundTerm, QueryTerm } from "./query-term";
import { gramsOf } from "./tokens";

/**
 * The terms of a run of Han, kana, Hangul or another script without spaces, as it stands in a question.
 *
 * A question writes more between its words than the text that answers it. What rarely helps may be left out:
 * - Japanese: the hiragana beside kanji or katakana (particles, endings);
 * - Chinese sentences: function words such as 的, 如何 and 我, from five characters on, so that 目的 stays whole;
 * - Korean: the particle that ends a word.
 *
 * `hasKana` tells Japanese from Chinese and is asked of the whole question.
 */
export function denseTermsOf(run: string, hasKana: boolean): FoundTerm[] {
  const pieces = piecesOf(run);
  const isHiraganaOnly = pieces.every((piece) => HIRAGANA.test(piece));
  return pieces.flatMap((piece) => {
    const isHiragana = HIRAGANA.test(piece);
    const isStop = isHiragana && (!isHiraganaOnly || [...piece].length <= 2);
    return wordsOfPiece(piece, hasKana).map((word) => ({ term: denseTerm(word), isStop }));
  });
}

function piecesOf(run: string): string[] {
  return run.match(PIECES) ?? [];
}
const PIECES =
  /\p{Script=Hiragana}+|\p{Script=Hangul}+|[\p{Script=Katakana}ー]+|\p{Script=Han}+|[^\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Katakana}ー\p{Script=Han}]+/gu;
const HIRAGANA = /^\p{Script=Hiragana}/u;
const HANGUL = /^\p{Script=Hangul}/u;
const HAN = /^\p{Script=Han}/u;

function wordsOfPiece(piece: string, hasKana: boolean): string[] {
  if (HANGUL.test(piece)) return [withoutParticle(piece)];
  if (!HAN.test(piece) || hasKana || [...piece].length < 5) return [piece];
  const words = piece.split(CHINESE_FUNCTION_WORDS).filter((word) => word !== "");
  return words.length > 0 ? words : [piece];
}
const CHINESE_FUNCTION_WORDS =
  /如何|怎么|怎麼|怎样|怎樣|什么|什麼|为什么|為什麼|哪里|哪裡|是否|可以|[的了吗嗎呢吧我你您请請在是和与與把被]/u;

/** One particle off the end of a word that keeps two characters or more. */
function withoutParticle(word: string): string {
  return word.replace(/(?<=^.{2,})(?:에서|으로|하는|하기|에게|[을를이가은는의에로와과도만])$/u, "");
}

function denseTerm(word: string): QueryTerm {
  const grams = gramsOf(word);
  const isPrefix = grams.length === 1;
  return { kind: "dense", words: isPrefix ? grams : grams.slice(0, -1), written: null, isPrefix };
}
