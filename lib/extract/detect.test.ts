import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { detectFormat, WORD_DOCUMENT } from "./detect";
import { docxOf, pdfOf, wordParagraph, zipOf } from "./samples";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const OLE = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(1_024)]);
const PDF = pdfOf([["Hello"]]);
const DOCX = docxOf(wordParagraph("Hello"));
const SVG =
  '<?xml version="1.0"?>\n<!-- drawn -->\n<!-- by hand --><svg xmlns="http://www.w3.org/2000/svg"/>';

describe("bytes come before the name", () => {
  it.each([
    ["notes.txt", PDF, "pdf"],
    ["notes", PDF, "pdf"],
    ["report.pdf", Buffer.concat([Buffer.from("mail header\r\n\r\n"), PDF]), "pdf"],
    ["report.zip", DOCX, "docx"],
    ["report.txt", DOCX, "docx"],
    ["report.pdf", Buffer.from("This is no PDF at all."), "text"],
    ["photo.png", Buffer.from("Just words."), "text"],
    ["about-%PDF-.md", Buffer.from("A file that starts with %PDF- is a PDF."), "text"],
  ])("%s is found to be %s", async (name, bytes, kind) => {
    expect((await detectFormat(name, bytes)).kind).toBe(kind);
  });
});

describe("a text is read by its extension", () => {
  it.each([
    ["a/b.md", "# T", "markdown"],
    ["README.MARKDOWN", "# T", "markdown"],
    ["a.html", "<p>T", "html"],
    ["page", "<!-- saved --> <!DOCTYPE html><p>T", "html"],
    ["page.aspx", "\n<html lang=en><p>T", "html"],
    ["a.csv", "a,b", "csv"],
    ["a.tsv", "a\tb", "csv"],
    ["a.json", "{}", "json"],
    ["a.ndjson", "{}\n{}", "json"],
    ["main.rs", "fn main() {}", "plain"],
    ["Dockerfile", "FROM scratch", "plain"],
    ["values.yaml", "a: 1", "plain"],
    ["feed.xml", '<?xml version="1.0"?><rss/>', "plain"],
    ["server.log", "started\n", "plain"],
    ["v1.2/notes", "words", "plain"],
    [".gitignore", "dist/", "plain"],
    ["a.unheard-of", "words", "plain"],
  ])("%s", async (name, text, format) => {
    expect(await detectFormat(name, Buffer.from(text))).toEqual({ kind: "text", format, text });
  });

  it("in the encoding that its HTML declares", async () => {
    const html =
      '<html><head><META http-equiv="Content-Type" content="text/html; charset=koi8-r"></head><p>Склад</html>';
    expect(await detectFormat("a.html", iconv.encode(html, "koi8-r"))).toEqual({
      kind: "text",
      format: "html",
      text: html,
    });
  });

  it("also where its first letters are the magic of a picture", async () => {
    const text = "BMW liefert die größere Ausführung früher.";
    expect(await detectFormat("a.txt", iconv.encode(text, "windows-1252"))).toEqual({
      kind: "text",
      format: "plain",
      text,
    });
  });
});

describe("what is not read is named", () => {
  it.each([
    ["photo.txt", PNG, "image/png"],
    ["drawing.xml", Buffer.from(SVG), "image/svg+xml"],
    ["letter.txt", Buffer.from("{\\rtf1 Hello}"), "application/rtf"],
    ["page.ps", Buffer.from("%!PS-Adobe-3.0"), "application/postscript"],
    ["letter.doc", OLE, "application/msword"],
    ["sums.xls", OLE, "application/vnd.ms-excel"],
    ["thing.bin", OLE, "application/x-cfb"],
    ["core.txt", Buffer.alloc(512), "application/octet-stream"],
    ["a.zip", zipOf([{ name: "a.txt", content: "a" }]), "application/zip"],
    ["cut.zip", zipOf([{ name: "a.txt", content: "a" }]).subarray(0, 40), "application/zip"],
    [
      "a.docx",
      zipOf([{ name: "xl/workbook.xml", content: "<x/>" }]),
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ],
    ["a.jar", zipOf([{ name: "META-INF/MANIFEST.MF", content: "" }]), "application/java-archive"],
  ])("%s is %s", async (name, bytes, detected) => {
    expect(await detectFormat(name, bytes)).toEqual({ kind: "unsupported", detected });
  });
});

describe("a Word document in a state that is not opened is refused with a sentence", () => {
  it.each([
    ["cut off", DOCX.subarray(0, 500), WORD_DOCUMENT, /damaged or not complete/],
    ["behind a password", OLE, "application/x-cfb", /protected by a password/],
  ])("%s", async (_, bytes, detected, sentence) => {
    const found = await detectFormat("letter.docx", bytes);
    expect(found).toMatchObject({ kind: "refused", detected, message: expect.stringMatching(sentence) });
  });
});
