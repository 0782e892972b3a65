import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { TEXT_BYTES_MAX } from "@/lib/core/limits";
import { WORD_DOCUMENT } from "./detect";
import { extractObject, PDF_WITHOUT_TEXT } from "./extract-object";
import { docxOf, pdfOf, wordParagraph } from "./samples";

const MEGABYTE = 1024 * 1024;

function fixture(name: string): Buffer {
  return readFileSync(path.join(import.meta.dirname, "../../e2e/fixtures", name));
}

describe("a real object of each format", () => {
  it.each([
    [
      "handbook.md",
      "text",
      "Warehouse handbook",
      ["- Meet at the **apple tree** behind", "## When the alarm sounds"],
    ],
    [
      "returns.html",
      "webpage",
      "Returns & refunds",
      ["within 30 days — we pay", "- Keep the receipt\n- Pack", "Norway | Posten", "A taped parcel"],
    ],
    ["orders.csv", "text", null, ['customer: Grace "Amazing" Hopper; city: Arlington', "total: 1,250.00"]],
    [
      "settings.json",
      "text",
      "Dispatch settings",
      ["carrier.countries: NO, SE, DK", "limits.parcelKilograms: 31.5"],
    ],
    ["minutes-windows-1251.txt", "text", null, ["Протокол собрания\n\nСклад откроется"]],
    ["notice-shift-jis.txt", "text", null, ["倉庫は月曜日の朝六時に開きます。"]],
    [
      "invoice.pdf",
      "pdf",
      "Invoice 2024-118",
      ["lantern oil, delivered to gate 4.\n\nPayable within fourteen days"],
    ],
    [
      "letter.docx",
      "text",
      "Letter to the harbour office",
      [
        "# Letter to",
        "berth 7. is free from 1. May; costs are 5 * 3 = 15 [net].",
        "Berth | Length\n7 | 42 m",
      ],
    ],
  ])("%s", async (name, type, title, fragments) => {
    const extraction = await extractObject(`some/folder/${name}`, fixture(name));
    expect(extraction).toMatchObject({ outcome: "text", type, title, isCut: false });
    for (const fragment of fragments)
      expect(extraction).toHaveProperty("text", expect.stringContaining(fragment));
  });

  it("of HTML loses what is no text of the page", async () => {
    const extraction = await extractObject("returns.html", fixture("returns.html"));
    expect(extraction).toHaveProperty("text", expect.not.stringMatching(/tracking|color|Shop|Imprint|Draft/));
  });
});

describe("a bad object has an outcome, never an exception", () => {
  it.each([
    ["invoice-damaged.pdf", fixture("invoice-damaged.pdf"), "application/pdf", /damaged or not complete/],
    ["invoice-locked.pdf", fixture("invoice-locked.pdf"), "application/pdf", /protected by a password/],
    ["letter-damaged.docx", fixture("letter-damaged.docx"), WORD_DOCUMENT, /damaged or not complete/],
    ["letter.docx with a part missing", docxWithoutDocument(), WORD_DOCUMENT, /damaged or not complete/],
    [
      "letter.docx that lies about a part's size",
      docxOf(wordParagraph("a"), { extra: [liar()] }),
      WORD_DOCUMENT,
      /damaged or not complete/,
    ],
    ["bomb.docx that unpacks to 300 MB", bomb(), WORD_DOCUMENT, /Word document unpacks to/],
  ])("%s", async (name, bytes, detected, sentence) => {
    const extraction = await extractObject(name, bytes);
    expect(extraction).toMatchObject({
      outcome: "failed",
      code: "extract_failed",
      message: expect.stringMatching(sentence),
      detected,
    });
  });

  it.each([
    ["no bytes", "a.txt", Buffer.alloc(0), "no bytes"],
    ["white space only", "a.txt", Buffer.from(" \r\n\t\u00A0"), "text/plain"],
    ["a mark and nothing else", "a.txt", Buffer.from([0xef, 0xbb, 0xbf]), "text/plain"],
    ["an empty value of JSON", "a.json", Buffer.from('""'), "application/json"],
    ["Markdown of blank lines", "a.md", Buffer.from("\n\n"), "text/markdown"],
    ["a table of blank lines", "a.csv", Buffer.from("\n\n"), "text/csv"],
    [
      "HTML without text",
      "a.html",
      Buffer.from("<html><head><title></title></head><body><script>1</script></body></html>"),
      "text/html",
    ],
    ["a Word document without text", "a.docx", docxOf(wordParagraph("")), WORD_DOCUMENT],
  ])("%s is empty", async (_, name, bytes, detected) => {
    expect(await extractObject(name, bytes)).toEqual({ outcome: "empty", detected });
  });

  it("a PDF without text is unsupported and says that it is a scan", async () => {
    expect(await extractObject("scan.pdf", pdfOf([[]]))).toEqual({
      outcome: "unsupported",
      detected: PDF_WITHOUT_TEXT,
    });
  });

  it("a picture with the name of a text is a picture", async () => {
    const bytes = fixture("photo-named-text.txt");
    expect(await extractObject("photo-named-text.txt", bytes)).toEqual({
      outcome: "unsupported",
      detected: "image/png",
    });
  });
});

describe("hostile texts", () => {
  it("one line of 10 MB is cut at the bound", async () => {
    const extraction = await extractObject("a.txt", Buffer.alloc(10 * MEGABYTE, "word "));
    expect(extraction).toMatchObject({ outcome: "text", isCut: true });
    expect(extraction.outcome === "text" && extraction.text.length).toBe(TEXT_BYTES_MAX);
  });

  it("JSON nested 10,000 levels deep is read", async () => {
    const json = `${'{"a":['.repeat(5_000)}"the core"${"]}".repeat(5_000)}`;
    const extraction = await extractObject("a.json", Buffer.from(json));
    expect(extraction).toHaveProperty("text", expect.stringContaining("the core"));
  });

  it("HTML nested 20,000 levels deep and never closed is read", async () => {
    const extraction = await extractObject(
      "a.html",
      Buffer.from(`<html>${"<div><b>".repeat(10_000)}the core`),
    );
    expect(extraction).toMatchObject({ outcome: "text", text: "the core" });
  });

  it("NULs and half characters do not reach the store", async () => {
    const extraction = await extractObject("a.json", Buffer.from('{"a":"x\\u0000y\\ud800z"}'));
    expect(extraction).toHaveProperty("text", "a: xy\uFFFDz");
  });
});

function bomb(): Buffer {
  return docxOf(wordParagraph("a"), {
    extra: [{ name: "word/media.xml", content: Buffer.alloc(300 * MEGABYTE) }],
  });
}

function liar() {
  return { name: "word/footnotes.xml", content: Buffer.alloc(20 * MEGABYTE), declaredBytes: 100 };
}

/** Its directory looks right, its main part is no XML. */
function docxWithoutDocument(): Buffer {
  return docxOf("<w:p><w:r><w:t>never closed");
}
