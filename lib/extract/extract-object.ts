import { asSluiceError } from "@/lib/core/errors";
import { cleanText, cleanTitle, type ReadText } from "./clean-text";
import { detectFormat } from "./detect";
import type { DocumentType, Extraction } from "./extract";
import { readCsv } from "./formats/csv";
import { readDocx } from "./formats/docx";
import type { TextFormat } from "./formats/extensions";
import { readHtml } from "./formats/html";
import { readJson } from "./formats/json";
import { readMarkdown } from "./formats/markdown";
import { readPdf } from "./formats/pdf";
import { readPlain } from "./formats/plain";

/**
 * One object's bytes as text. Never rejects: what goes wrong with an object is an outcome of it.
 *
 *   no bytes, or only white space      empty
 *   a PDF without any text (a scan)    unsupported, so that a later version that can read pictures tries it again
 *   a kind that is not read            unsupported
 *   damaged, locked, unsafe to open    failed, with a sentence for a person
 */
export async function extractObject(name: string, bytes: Uint8Array): Promise<Extraction> {
  if (bytes.length === 0) return { outcome: "empty" };
  try {
    const found = await detectFormat(name, bytes);
    if (found.kind === "unsupported") return { outcome: "unsupported", detected: found.detected };
    if (found.kind === "refused")
      return { outcome: "failed", code: "extract_failed", message: found.message };
    if (found.kind === "text") return finish(READERS[found.format](found.text), TYPES[found.format]);
    if (found.kind === "docx") return finish(await readDocx(bytes), "text");
    const extraction = finish(await readPdf(bytes), "pdf");
    return extraction.outcome === "empty"
      ? { outcome: "unsupported", detected: PDF_WITHOUT_TEXT }
      : extraction;
  } catch (thrown) {
    return { outcome: "failed", code: "extract_failed", message: sentenceFor(thrown) };
  }
}

/** Shown to people beside the media types of other unsupported objects. */
export const PDF_WITHOUT_TEXT = "application/pdf without text (scanned pages)";

const READERS: Readonly<Record<TextFormat, (text: string) => ReadText>> = {
  plain: readPlain,
  markdown: readMarkdown,
  html: readHtml,
  csv: readCsv,
  json: readJson,
};

const TYPES: Readonly<Record<TextFormat, DocumentType>> = {
  plain: "text",
  markdown: "text",
  html: "webpage",
  csv: "text",
  json: "text",
};

function finish(read: ReadText, type: DocumentType): Extraction {
  const clean = cleanText(read.text);
  if (clean.text.trim() === "") return { outcome: "empty" };
  return {
    outcome: "text",
    text: clean.text,
    title: cleanTitle(read.title),
    type,
    isCut: read.isCut || clean.isCut,
  };
}

function sentenceFor(thrown: unknown): string {
  const error = asSluiceError(thrown);
  return error.code === "internal"
    ? "The object's text could not be read; check that it opens on your own computer."
    : error.message;
}
