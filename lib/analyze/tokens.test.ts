import { describe, expect, it } from "vitest";
import { TOKEN_CHARS_MAX } from "@/lib/core/limits";
import { placeTokens } from "./placed-tokens";
import { ADDED_BEHIND, tokenize } from "./tokens";

describe("a text becomes words in their order, then what is added to them", () => {
  it.each([
    ["nothing", "", ""],
    ["signs alone", "?! -- … 🙂 \0", ""],
    ["English words are stemmed", "Resetting passwords", "reset password"],
    ["stop words stay, for phrases", "to be or not", "to be or not"],
    ["digits are never stemmed", "1990s 42", "1990s 42"],
    ["a snake_case name", "foo_bar", "foo bar | foo_bar"],
    ["a version", "v 3.11.7", "v 3 11 7 | 3.11.7"],
    ["an email address", "User@Example.com", "user exampl com | user@example.com"],
    ["a path", "node_modules/next", "node modul next | node_modules/next"],
    ["a ticket, closed up", "TS-1234", "ts 1234 | ts1234"],
    ["hyphens close up", "e-mail", "e mail | email"],
    ["a soft hyphen is nothing", "pass\u00adword", "password"],
    ["another hyphen", "well\u2011known", "well known | wellknown"],
    ["an apostrophe closes up", "don't", "don t | dont"],
    ["a curly apostrophe is the same", "don’t", "don t | dont"],
    ["French elision, stemmed like English once its accents are gone", "l’été", "l et | lete"],
    ["camelCase adds its parts", "getUserById", "getuserbyid | get user by id"],
    ["PascalCase with capitals", "HTTPServer", "httpserver | http server"],
    ["plurals of abbreviations stay whole", "PDFs URLs", "pdf url"],
    ["one-letter parts do not count", "iPhone eBay", "iphon ebai"],
    ["c++", "C++", "c | c++"],
    ["c#", "C#, F#", "c f | c# f#"],
    [".net", ".NET 8", "net 8 | .net"],
    ["a mention and a number sign", "@maria #12", "maria 12 | @maria #12"],
    ["dots after words are no signs", "end. ..next", "end next"],
    ["a URL", "https://a.io/x", "http a io x | a.io/x"],
    ["a time", "03:12", "03 12 | 03:12"],
    ["joiners at the edges fall off", "-foo- 'bar' _baz_", "foo bar baz"],
    ["two joiners in a row part", "a--b", "a b"],
    ["Latin accents", "Ångström naïve", "angstrom naiv"],
    ["decomposed accents", "nai\u0308ve", "naiv"],
    ["ß and its capital", "Straße STRASSE", "strass strass"],
    ["letters that are spelled out", "Ærø Łódź œuvre", "aero lodz oeuvr"],
    ["Turkish i", "İstanbul Yıllık", "istanbul yillik"],
    ["Vietnamese", "Đà Nẵng", "da nang"],
    ["Greek, final sigma", "Ώρες ΏΡΕΣ", "ωρεσ ωρεσ"],
    ["Cyrillic", "Ещё й", "еще и"],
    ["Hebrew points", "שָׁלוֹם", "שלום"],
    ["Arabic vowels, hamza and tatweel", "مُحَمَّـد أحمد", "محمد احمد"],
    ["Hindi keeps its vowel signs", "हिन्दी", "हिन्दी"],
    ["Tamil keeps its vowel signs", "தமிழ்", "தமிழ்"],
    ["Han in pairs, with the last alone", "天気予報", "天気 気予 予報 報"],
    ["one Han character", "天", "天"],
    ["kana with its long mark", "タワー", "タワ ワー ー"],
    ["half-width kana", "ﾊﾟｽ", "パス ス"],
    ["Japanese beside Latin", "iPhoneの設定", "iphon の設 設定 定"],
    ["Chinese with signs", "你好，世界", "你好 好 世界 界"],
    ["rare Han beyond the first plane", "𠮷野家", "𠮷野 野家 家"],
    ["Hangul", "비밀번호", "비밀 밀번 번호 호"],
    ["Thai", "รหัส", "รห หั ัส ส"],
    ["Khmer", "ខ្មែរ", "ខ្ ្ម មែ ែរ រ"],
    ["full-width letters and digits", "ＡＰＩ　３．１", "api 3 1 | 3.1"],
    ["ligatures and superscripts", "ﬁle x²", "file x2"],
    ["half a surrogate pair is a blank", "a\ud800b", "a b"],
    ["a NUL is a blank", "a\0b", "a b"],
  ])("%s", (_name, text, tokens) => {
    expect(tokenize(text)).toBe(tokens);
  });
});

describe("tokens and their bounds", () => {
  it("a long word is cut where a token ends", () => {
    expect(tokenize("7".repeat(500))).toBe("7".repeat(TOKEN_CHARS_MAX));
    expect(tokenize("ß9".repeat(500))).toHaveLength(TOKEN_CHARS_MAX);
    expect(tokenize(`7${"𐐨".repeat(100)}`).length).toBe(TOKEN_CHARS_MAX - 1);
  });

  it("a compound too long for a token is its words alone", () => {
    expect(tokenize("ab/".repeat(40))).toBe(Array.from({ length: 40 }, () => "ab").join(" "));
  });

  it("an upper-case text gives the tokens of the lower-case one", () => {
    for (const text of ["reset the password", "straße été ёлка", "foo_bar 3.11.7 l'été e-mail"]) {
      expect(tokenize(text.toUpperCase())).toBe(tokenize(text));
    }
  });

  it("no token is empty, too long, or holds a blank, a quote or a NUL, whatever the text", () => {
    for (const text of junkTexts(400)) {
      const tokens = tokenize(text);
      if (tokens === "") continue;
      for (const token of tokens.split(" ")) {
        expect(token).not.toMatch(/^$|[\s"'\0]/);
        expect(token.length).toBeLessThanOrEqual(TOKEN_CHARS_MAX);
      }
    }
  });

  it("tokens with places are the same tokens, and their places lie in the text", () => {
    for (const text of junkTexts(400)) {
      const { inOrder, added } = placeTokens(text);
      const words = inOrder.map((placed) => placed.token).join(" ");
      const more = added.map((placed) => placed.token).join(" ");
      expect(more === "" ? words : `${words} ${ADDED_BEHIND} ${more}`).toBe(tokenize(text));
      for (const { start, end } of [...inOrder, ...added]) {
        expect(start >= 0 && start < end && end <= text.length).toBe(true);
      }
    }
  });
});

/** The same texts at every run. */
function junkTexts(count: number): string[] {
  const words = [
    "foo",
    "Bar",
    "été",
    "ß",
    "天気",
    "ﾊﾟ",
    "비밀",
    "รหั",
    "हि",
    "3",
    "c",
    "getUser",
    "𠮷",
    "ﬁ",
    "x".repeat(70),
  ];
  const signs = [
    "_",
    ".",
    "-",
    "/",
    ":",
    "@",
    "#",
    "+",
    "'",
    "’",
    '"',
    "|",
    " ",
    "\0",
    "\n",
    "\u200b",
    "\u0301",
    "🙂",
  ];
  const alphabet = [...words, ...signs, "\ud83d", "\udc00", "½", "㍿", "İ"];
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: next(20) }, () => alphabet[next(alphabet.length)]).join(""),
  );
}
