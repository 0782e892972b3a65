import { asSluiceError } from "@/lib/core/errors";
import { cleanText, cleanTitle, type ReadText } from "./clean-text";
import { type Detection, detectFormat, WORD_DOCUMENT } from "./detect";
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
 *
 * Without text it still says what the bytes are, as far as that was found out before anything went wrong.
 */
export async function extractObject(name: string, bytes: Uint8Array): Promise<Extraction> {
  if (bytes.length === 0) return { outcome: "empty", detected: NO_BYTES };
  let detected: string | null = null;
  try {
    const found = await detectFormat(name, bytes);
    detected = kindOf(found);
    if (found.kind === "unsupported") return { outcome: "unsupported", detected };
    if (found.kind === "refused")
      return { outcome: "failed", code: "extract_failed", message: found.message, detected };
    if (found.kind === "text")
      return finish(READERS[found.format](found.text), TYPES[found.format], detected);
    if (found.kind === "docx") return finish(await readDocx(bytes), "text", detected);
    const extraction = finish(await readPdf(bytes), "pdf", detected);
    return extraction.outcome === "empty"
      ? { outcome: "unsupported", detected: PDF_WITHOUT_TEXT }
      : extraction;
  } catch (thrown) {
    return { outcome: "failed", code: "extract_failed", message: sentenceFor(thrown), detected };
  }
}

/**
 * Shown to people beside the media types of other unsupported objects. Manifests hold it: in other words it would be
 * another kind.
 */
export const PDF_WITHOUT_TEXT = "application/pdf without text (scanned pages)";

const NO_BYTES = "no bytes";

function kindOf(found: Detection): string {
  if (found.kind === "text") return MEDIA_TYPES[found.format];
  if (found.kind === "pdf") return "application/pdf";
  return found.kind === "docx" ? WORD_DOCUMENT : found.detected;
}

const MEDIA_TYPES: Readonly<Record<TextFormat, string>> = {
  plain: "text/plain",
  markdown: "text/markdown",
  html: "text/html",
  csv: "text/csv",
  json: "application/json",
};

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

function finish(read: ReadText, type: DocumentType, detected: string): Extraction {
  const clean = cleanText(read.text);
  if (clean.text.trim() === "") return { outcome: "empty", detected };
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
