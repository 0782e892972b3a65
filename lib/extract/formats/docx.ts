import { Parser } from "htmlparser2";
import { SluiceError } from "@/lib/core/errors";
import type { ReadText } from "../clean-text";
import { unpackParts } from "../zip-preflight";
import { documentTitle } from "./document-title";
import { readHtml } from "./html";

const CORE_PROPERTIES = "docProps/core.xml";

/**
 * A Word document as text, with its headings, lists and tables marked as in HTML pages. Pictures are never read.
 * The title is the document's own property, else its first heading.
 *
 * Call only after the archive's directory has been checked. Rejects with `extract_failed` for a damaged document.
 */
export async function readDocx(bytes: Uint8Array): Promise<ReadText> {
  const property = await checkParts(bytes);
  const page = readHtml(await convert(bytes));
  const firstHeading = /^#{1,6} (.+)$/m.exec(page.text)?.[1] ?? null;
  return { ...page, title: documentTitle(property) ?? firstHeading };
}

/**
 * Unpacks every XML part once with the declared size as its bound: mammoth's own unzip believes any size,
 * so a document that lies must be found out before. Returns the title among the document's properties.
 */
async function checkParts(bytes: Uint8Array): Promise<string | null> {
  const found: { title: string | null } = { title: null };
  try {
    await unpackParts(
      bytes,
      (name) => /\.(xml|rels)$/i.test(name),
      (name, content) => {
        if (name === CORE_PROPERTIES) found.title = textOfElement(content.toString("utf8"), "dc:title");
      },
    );
    return found.title;
  } catch (cause) {
    throw damaged(cause);
  }
}

async function convert(bytes: Uint8Array): Promise<string> {
  // Loaded with the first document: most children of most buckets never need it.
  const { default: mammoth } = await import("mammoth");
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const result = await mammoth.convertToHtml(
      { buffer },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"],
        convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
        externalFileAccess: false,
      },
    );
    // A note's link back to its place in the text.
    return result.value.replace(/<a href="#[^"]*-ref-[^"]*">↑<\/a>/g, "");
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause: unknown): SluiceError {
  return new SluiceError({
    code: "extract_failed",
    effect: "skip",
    message: "The Word document is damaged or not complete; save it again in Word and upload it.",
    cause,
  });
}

function textOfElement(xml: string, element: string): string | null {
  let text = "";
  let isInside = false;
  const parser = new Parser(
    {
      onopentag: (name) => {
        isInside = name === element;
      },
      ontext: (piece) => {
        if (isInside) text += piece;
      },
      onclosetag: () => {
        isInside = false;
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return text.trim() || null;
}
