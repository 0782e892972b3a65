import { expect, it } from "vitest";
import { highlight } from "./highlight";

/** The text with what is marked in brackets. */
function marked(content: string, query: string): string {
  let out = "";
  let from = 0;
  for (const { start, end } of highlight(content, query)) {
    out += `${content.slice(from, start)}[${content.slice(start, end)}]`;
    from = end;
  }
  return out + content.slice(from);
}

it.each([
  ["other forms of a word", "Resets and resetting", "reset", "[Resets] and [resetting]"],
  ["no stop words", "How do I reset it", "how do i reset", "How do I [reset] it"],
  ["accents", "à l'été prochain", "ete", "à l'[été] prochain"],
  ["decomposed accents", "un e\u0301te\u0301!", "été", "un [e\u0301te\u0301]!"],
  ["a compound as a whole", "call foo_bar(1)", "foo_bar", "call [foo_bar](1)"],
  ["the part of a compound that was asked", "call foo_bar(1)", "bar", "call foo_[bar](1)"],
  ["a compound written with blanks", "the foo bar", "foo_bar", "the [foo bar]"],
  ["a camelCase word by one of its parts", "getUserById()", "user", "[getUserById]()"],
  ["a sign at the end", "C and C++ code", "c++", "C and [C++] code"],
  [
    "a phrase only where it is one",
    "reset router, reset the router",
    '"reset the"',
    "reset router, [reset the] router",
  ],
  ["Japanese", "明日の天気は晴れ", "天気", "明日の[天気]は晴れ"],
  ["one character", "東京と京都", "京", "東[京]と[京]都"],
  ["a Chinese run by its parts", "点击重置您的密码", "重置密码", "点击[重置]您的[密码]"],
  ["nothing for a part by chance", "クレジットカード", "パスワード", "クレジットカード"],
  ["half-width kana", "新しいﾊﾟｽﾜｰﾄﾞです", "パスワード", "新しい[ﾊﾟｽﾜｰﾄﾞ]です"],
  ["full-width letters", "ＡＰＩ キー", "api", "[ＡＰＩ] キー"],
  ["a ligature", "the ﬁle", "file", "the [ﬁle]"],
  ["behind an emoji", "🙂 reset", "reset", "🙂 [reset]"],
  ["nothing for an empty question", "reset", " ", "reset"],
])("marks %s", (_name, content, query, expected) => {
  expect(marked(content, query)).toBe(expected);
});
