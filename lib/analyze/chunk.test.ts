import { describe, expect, it } from "vitest";
import { CHUNK_CHARS_MAX, CHUNK_CHARS_TARGET, CHUNKS_PER_DOCUMENT_MAX } from "@/lib/core/limits";
import { chunkText } from "./chunk";

const contentsOf = (text: string) => chunkText(text).chunks.map((chunk) => chunk.content);

const sentence = "A sentence of some words stands here. ";
const TEXTS: [string, string][] = [
  ["sentences", sentence.repeat(300)],
  ["paragraphs", `${sentence.repeat(8)}\n\n`.repeat(30)],
  ["Markdown", `# Part\n\n${sentence.repeat(20)}\n`.repeat(30)],
  ["one line without a blank", "x".repeat(20_000)],
  ["Japanese sentences", "これは文です。次の文はここにあります！".repeat(400)],
  ["emoji in a row", "🙂".repeat(5_000)],
  ["blank stretches", `word${" ".repeat(5_000)}\n`.repeat(20)],
  ["lines of a table", "| a | b | c |\r\n".repeat(800)],
  ["pages", `${sentence.repeat(10)}\f`.repeat(40)],
  ["half surrogate pairs", "\ud83d".repeat(5_000)],
];

describe("whatever the text", () => {
  it.each(TEXTS)(
    "chunks are its slices in order, and only white space is between them: %s",
    (_name, text) => {
      let from = 0;
      for (const content of contentsOf(text)) {
        const at = text.indexOf(content, from);
        expect(text.slice(from, at).trim()).toBe("");
        from = at + content.length;
      }
      expect(text.slice(from).trim()).toBe("");
    },
  );

  it.each(TEXTS)("no chunk is blank, too long or begins inside a pair: %s", (_name, text) => {
    for (const content of contentsOf(text)) {
      expect(content.trim()).not.toBe("");
      expect(content.length).toBeLessThanOrEqual(CHUNK_CHARS_MAX);
      expect(content).not.toMatch(/^[\udc00-\udfff]/);
    }
  });
});

describe("where a text is cut", () => {
  it("a text that fits is one chunk, without the white space around it", () => {
    expect(contentsOf("\n  short \n")).toEqual(["short"]);
    expect(contentsOf("x".repeat(CHUNK_CHARS_MAX))).toHaveLength(1);
  });

  it.each(["", " \n\t\u3000 "])("%j has no chunk", (text) => {
    expect(chunkText(text)).toEqual({ chunks: [], isCut: false });
  });

  it("before a heading rather than after a paragraph", () => {
    const part = `${sentence.repeat(12)}\n\n${sentence.repeat(12)}\n`;
    const contents = contentsOf(`## One\n${part}## Two\n${part}## Three\n${part}`);
    expect(contents.map((content) => content.slice(0, 6))).toEqual(["## One", "## Two", "## Thr"]);
  });

  it("after a paragraph rather than after a sentence", () => {
    const paragraph = sentence.repeat(25).trim();
    expect(contentsOf(`${paragraph}\n\n${paragraph}\n\n${paragraph}`)).toEqual([
      paragraph,
      paragraph,
      paragraph,
    ]);
  });

  it("after a sentence rather than between words, in Japanese too", () => {
    for (const content of contentsOf(sentence.repeat(200))) expect(content).toMatch(/\.$/);
    for (const content of contentsOf("これは「文です。」次の文。".repeat(400)))
      expect(content).toMatch(/[。」]$/);
  });

  it("at the target where there is no better place", () => {
    expect(contentsOf("x".repeat(10_000))[0]).toHaveLength(CHUNK_CHARS_TARGET);
  });

  it("a text never ends in a crumb", () => {
    for (let length = CHUNK_CHARS_MAX + 1; length < CHUNK_CHARS_MAX + 1_500; length += 97) {
      const contents = contentsOf("word ".repeat(length).slice(0, length));
      expect(contents.at(-1)?.length).toBeGreaterThanOrEqual(190);
    }
  });
});

describe("long texts", () => {
  it("a line of five megabytes is cut at once", () => {
    expect(chunkText("x".repeat(5_000_000)).isCut).toBe(false);
  });

  it("what is behind the last chunk a document may have is left out and said so", () => {
    const { chunks, isCut } = chunkText("x".repeat((CHUNKS_PER_DOCUMENT_MAX + 2) * CHUNK_CHARS_TARGET));
    expect(chunks).toHaveLength(CHUNKS_PER_DOCUMENT_MAX);
    expect(isCut).toBe(true);
  });
});
