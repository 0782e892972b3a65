import { describe, expect, it } from "vitest";
import { QUERY_CHARS_MAX, QUERY_TERMS_MAX } from "@/lib/core/limits";
import { parseQuery } from "./query";

/** Each term on one line: its kind, its words, its spelling, and `*` where the last word is a beginning. */
function written(query: string): string[] {
  return parseQuery(query).terms.map((term) => {
    const words = `${term.words.join(" ")}${term.isPrefix ? "*" : ""}`;
    return [term.kind, words, term.written].filter((part) => part !== null && part !== "").join(": ");
  });
}

describe("what is asked", () => {
  it.each([
    ["stop words are left out", "how do i reset my password", ["word: reset", "word: password"]],
    ["unless nothing else is there", "who are you", ["word: who", "word: ar", "word: you"]],
    ["a contraction is a stop word too", "don't reset", ["word: reset"]],
    ["stop words stay in a phrase", '"reset my password"', ["phrase: reset my password"]],
    ["curly quotes", "“reset it” now", ["phrase: reset it", "word: now"]],
    ["German quotes", "„alle zwei Wochen“", ["phrase: all zwei wochen"]],
    ["French quotes", "«deux mois»", ["phrase: deux moi"]],
    ["corner brackets", "「天気予報」", ["phrase: 天気 気予 予報"]],
    ["a phrase that ends in one character", "「API 天」", ["phrase: api 天*"]],
    ["an empty phrase is nothing", '"" x', ["word: x"]],
    ["an open quote is a blank", 'a1 "b1', ["word: a1", "word: b1"]],
    ["a compound", "foo_bar", ["compound: foo bar: foo_bar"]],
    ["a compound in quotes", '"foo_bar"', ["compound: foo bar: foo_bar"]],
    ["a compound in a phrase is its words", '"call foo_bar"', ["phrase: call foo bar"]],
    ["a phrase that begins with a compound", '"foo_bar call"', ["phrase: foo bar call"]],
    ["c++ in quotes", '"c++"', ["compound: c++"]],
    ["c++ is not c", "c++", ["compound: c++"]],
    [".net is also net", ".net", ["compound: net: .net"]],
    ["camelCase is one word", "getUserById", ["word: getuserbyid"]],
    ["a leading minus excludes nothing", "-foo --bar", ["word: foo", "word: bar"]],
    ["operators are signs", "foo* (bar): ^baz", ["word: foo", "word: bar", "word: baz"]],
    ["repeats count once", "reset resets RESET", ["word: reset"]],
    ["Japanese without particles", "東京の天気は", ["dense: 東京", "dense: 天気"]],
    ["Japanese by script", "東京タワー", ["dense: 東京", "dense: タワ ワー"]],
    ["hiragana alone is asked", "ひらがな", ["dense: ひら らが がな"]],
    ["short hiragana, when it is all", "ねこ", ["dense: ねこ"]],
    ["one character is a beginning", "倉", ["dense: 倉*"]],
    ["Chinese without function words", "如何重置我的密码", ["dense: 重置", "dense: 密码"]],
    ["a short Chinese word stays whole", "目的地", ["dense: 目的 的地"]],
    ["Korean without its particle", "비밀번호를", ["dense: 비밀 밀번 번호"]],
    ["Thai", "รหัส", ["dense: รห หั ัส"]],
  ])("%s", (_name, query, terms) => {
    expect(written(query)).toEqual(terms);
  });
});

describe("bounds of a question", () => {
  it.each(["", " ", "?!", '"', '""', "-", "*", ":", "(", "\0", "🙂", "「」", "\ud800"])(
    "%j asks nothing",
    (query) => {
      expect(parseQuery(query).terms).toEqual([]);
    },
  );

  it("words behind the most that are looked up do not count", () => {
    const words = Array.from({ length: 200 }, (_, at) => `w${at}`);
    expect(parseQuery(words.join(" ")).terms).toHaveLength(QUERY_TERMS_MAX);
    expect(parseQuery(`"${words.join(" ")}"`).terms[0]?.words).toHaveLength(QUERY_TERMS_MAX);
    const han = parseQuery("数".repeat(QUERY_CHARS_MAX)).terms.flatMap((term) => term.words);
    expect(han.length).toBeLessThanOrEqual(QUERY_TERMS_MAX);
  });

  it("characters behind the most that are read do not count", () => {
    expect(written(`${" ".repeat(QUERY_CHARS_MAX)}reset`)).toEqual([]);
  });
});
