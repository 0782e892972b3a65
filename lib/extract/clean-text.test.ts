import { describe, expect, it } from "vitest";
import { TITLE_CHARS_MAX } from "@/lib/core/limits";
import { cleanText, cleanTitle, sliceUnits } from "./clean-text";

describe("text that is stored", () => {
  it.each([
    ["loses NULs", "a\0b\0", "ab"],
    ["loses a byte order mark at its start only", "\uFEFFa\uFEFFb", "a\uFEFFb"],
    ["has one kind of newline", "a\r\nb\rc\nd", "a\nb\nc\nd"],
    ["has no lone surrogates", "a\uD800b\uDC00c😀", "a\uFFFDb\uFFFDc😀"],
    ["is otherwise left as it is", "  a\t b\n\n", "  a\t b\n\n"],
  ])("%s", (_, raw, text) => {
    expect(cleanText(raw)).toEqual({ text, isCut: false });
  });

  it.each([
    ["abcdef", 4, "abcd"],
    ["äöü", 4, "äö"],
    ["äöü", 5, "äö"],
    ["a😀b", 4, "a"],
    ["a😀b", 5, "a😀"],
    ["😀😀", 1, ""],
    ["日本語", 6, "日本"],
  ])("%s is cut at %i bytes to whole characters: %s", (raw, bytesMax, text) => {
    expect(cleanText(raw, bytesMax)).toEqual({ text, isCut: true });
  });

  it("is not cut when it fills the bound exactly", () => {
    expect(cleanText("äöü", 6)).toEqual({ text: "äöü", isCut: false });
  });

  it("stays below the bound where every unit takes three bytes", () => {
    const { text, isCut } = cleanText("語".repeat(2_000_000), 5_000_000);
    expect(isCut).toBe(true);
    expect(Buffer.byteLength(text, "utf8")).toBe(4_999_998);
  });
});

describe("a title", () => {
  it.each([
    [null, null],
    ["", null],
    [" \n\t ", null],
    ["---", null],
    ["  Annual\r\n\treport\0 2024 ", "Annual report 2024"],
    ["日本", "日本"],
  ])("%j becomes %j", (raw, title) => {
    expect(cleanTitle(raw)).toBe(title);
  });

  it("is bounded and does not end in half a character", () => {
    const title = cleanTitle(`a${"😀".repeat(TITLE_CHARS_MAX)}`) ?? "";
    expect(title.length).toBeLessThanOrEqual(TITLE_CHARS_MAX);
    expect(title).not.toMatch(/\p{Cs}/u);
  });

  it("keeps the joiners that some scripts and emoji need", () => {
    expect(cleanTitle("👩‍🚀 می‌خواهم")).toBe("👩‍🚀 می‌خواهم");
  });
});

it("slicing never parts a surrogate pair", () => {
  expect([sliceUnits("a😀", 1), sliceUnits("a😀", 2), sliceUnits("a😀", 3)]).toEqual(["a", "a", "a😀"]);
});
