import { SluiceError } from "@/lib/core/errors";
import { TEXT_BYTES_MAX } from "@/lib/core/limits";
import type { ReadText } from "../clean-text";
import { documentTitle } from "./document-title";
import { type PdfTextItem, pageText } from "./pdf-page";

/**
 * A PDF's text, pages with an empty line between; the title is the document's own property.
 * Scanned pages have no text, so the text of a scanned document is empty.
 *
 * Rejects with `extract_failed` for a PDF behind a password or one that no reader could open.
 */
export async function readPdf(bytes: Uint8Array): Promise<ReadText> {
  // Loaded with the first PDF: most children of most buckets never need it.
  const { getDocumentProxy } = await import("unpdf");
  // The reader takes the buffer over, so it gets one of its own.
  const pdf = await getDocumentProxy(Uint8Array.from(bytes), {
    disableFontFace: true,
    stopAtErrors: false,
    verbosity: 0,
  }).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  try {
    const title = await findTitle(() => pdf.getMetadata());
    const pages: string[] = [];
    let length = 0;
    for (let number = 1; number <= pdf.numPages; number++) {
      if (length > TEXT_BYTES_MAX) return { text: pages.join("\n\n"), title, isCut: true };
      const text = await readPage(async () => {
        const page = await pdf.getPage(number);
        const content = await page.getTextContent();
        page.cleanup();
        return content.items.filter((item) => "str" in item);
      });
      if (text !== "") pages.push(text);
      length += text.length;
    }
    return { text: pages.join("\n\n"), title, isCut: false };
  } finally {
    await pdf.destroy().catch(() => undefined);
  }
}

/** One page that cannot be read does not cost the others. */
async function readPage(items: () => Promise<PdfTextItem[]>): Promise<string> {
  try {
    return pageText(await items());
  } catch {
    return "";
  }
}

async function findTitle(metadata: () => Promise<{ info: object }>): Promise<string | null> {
  try {
    const { info } = await metadata();
    return documentTitle("Title" in info && typeof info.Title === "string" ? info.Title : null);
  } catch {
    return null;
  }
}

function unreadable(cause: unknown): SluiceError {
  const isLocked = cause instanceof Error && cause.name === "PasswordException";
  return new SluiceError({
    code: "extract_failed",
    effect: "skip",
    message: isLocked
      ? "The PDF is protected by a password; remove the protection and upload it again."
      : "The PDF is damaged or not complete; export it again and upload it.",
    cause,
  });
}
