import { fileTypeFromBuffer } from "file-type";
import { decodeText, looksLikeText } from "./decode";
import { extensionOf, formatOfText, type TextFormat, withoutProlog } from "./formats/extensions";
import { readZipDirectory, refuseZip, type ZipDirectory } from "./zip-preflight";

/** What an object is, with the first step towards its text already made. */
export type Detection =
  | { kind: "text"; format: TextFormat; text: string }
  | { kind: "pdf" }
  | { kind: "docx" }
  /** A known or unknown kind that Sluice does not read; `detected` is its media type. */
  | { kind: "unsupported"; detected: string }
  /** A kind that Sluice reads, in a state that it does not open; `detected` as above. */
  | { kind: "refused"; detected: string; message: string };

export const WORD_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/**
 * Finds what an object is from its bytes first and its name second; a name alone proves nothing.
 *
 *   bytes                                    name            result
 *   %PDF- at the start                       any             pdf
 *   %PDF- in the first kilobyte              *.pdf           pdf
 *   zip that holds word/                     any             docx, or refused by its directory
 *   zip, directory unreadable                *.docx          refused: damaged
 *   OLE container                            *.docx          refused: behind a password
 *   RTF, PostScript, SVG, another magic      any             unsupported
 *   decodes as text                          by extension    text
 *   anything else                            any             unsupported
 */
export async function detectFormat(name: string, bytes: Uint8Array): Promise<Detection> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2_048)).toString(
    "latin1",
  );
  const extension = extensionOf(name);
  if (isPdf(head, extension)) return { kind: "pdf" };
  if (ZIP_STARTS.some((start) => head.startsWith(start))) return detectArchive(bytes, head, extension);

  const drawn = findDrawn(head);
  if (drawn !== null) return { kind: "unsupported", detected: drawn };
  if (!looksLikeText(bytes)) {
    const magic = await fileTypeFromBuffer(bytes);
    if (magic !== undefined && !isTextual(magic.mime)) return describeBinary(magic.mime, extension);
  }
  const text = decodeText(bytes, declaredEncoding(head));
  if (text === null) return { kind: "unsupported", detected: "application/octet-stream" };
  return { kind: "text", format: formatOfText(name, text), text };
}

function isPdf(head: string, extension: string): boolean {
  if (/^(\xEF\xBB\xBF)?\s*%PDF-/.test(head)) return true;
  return extension === "pdf" && head.slice(0, 1_024).includes("%PDF-");
}

/** Kinds whose bytes pass for text though what a person reads in them is drawn, by how they begin. */
const WRITTEN_IN_TEXT: readonly { start: RegExp; detected: string }[] = [
  { start: /^\{\\rtf/, detected: "application/rtf" },
  { start: /^%!PS/, detected: "application/postscript" },
];

function findDrawn(head: string): string | null {
  const written = WRITTEN_IN_TEXT.find(({ start }) => start.test(head));
  if (written !== undefined) return written.detected;
  return /^<svg[\s>]/i.test(withoutProlog(head)) ? "image/svg+xml" : null;
}

function isTextual(mime: string): boolean {
  return mime.startsWith("text/") || mime === "application/xml";
}

/** Older Office files and locked new ones share one container; the name tells them apart. */
const OLE_KINDS: Readonly<Record<string, string>> = {
  doc: "application/msword",
  dot: "application/msword",
  xls: "application/vnd.ms-excel",
  ppt: "application/vnd.ms-powerpoint",
  msg: "application/vnd.ms-outlook",
};

function describeBinary(mime: string, extension: string): Detection {
  if (mime !== "application/x-cfb") return { kind: "unsupported", detected: mime };
  if (extension !== "docx") return { kind: "unsupported", detected: OLE_KINDS[extension] ?? mime };
  return {
    kind: "refused",
    detected: mime,
    message: "The Word document is protected by a password; remove the protection and upload it again.",
  };
}

/** A local file header, or the end record of an archive without parts. */
const ZIP_STARTS = ["PK\u0003\u0004", "PK\u0005\u0006"];
/** Where a local file header has the part's name; behind it comes the content when there is no extra field. */
const FIRST_PART_NAME_AT = 30;

/** The first part of an archive that tells its kind. */
const ARCHIVE_KINDS: readonly { part: RegExp; detected: string }[] = [
  { part: /^xl\/workbook\./, detected: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
  {
    part: /^ppt\/presentation\./,
    detected: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  },
  { part: /^META-INF\/MANIFEST\.MF$/, detected: "application/java-archive" },
];

async function detectArchive(bytes: Uint8Array, head: string, extension: string): Promise<Detection> {
  const directory = await readZipDirectory(bytes);
  if (directory === null) return damagedArchive(extension);
  if (isWord(directory)) {
    const message = refuseZip(directory, "Word document");
    return message === null ? { kind: "docx" } : { kind: "refused", detected: WORD_DOCUMENT, message };
  }
  // OpenDocument and EPUB name their type in a first part that is stored as it is.
  const stored = head.slice(FIRST_PART_NAME_AT);
  const declared = /^mimetype([\w.+-]+\/[\w.+-]+?)(?=PK|$)/.exec(stored)?.[1];
  const known = ARCHIVE_KINDS.find(({ part }) => directory.names.some((name) => part.test(name)));
  return { kind: "unsupported", detected: declared ?? known?.detected ?? "application/zip" };
}

function damagedArchive(extension: string): Detection {
  if (extension !== "docx") return { kind: "unsupported", detected: "application/zip" };
  return {
    kind: "refused",
    detected: WORD_DOCUMENT,
    message: "The Word document is damaged or not complete; save it again in Word and upload it.",
  };
}

function isWord({ names }: ZipDirectory): boolean {
  return names.includes("[Content_Types].xml") && names.some((name) => /^word\/[^/]+\.xml$/.test(name));
}

/** The encoding an HTML or XML text names for itself within its first two kilobytes. */
function declaredEncoding(head: string): string | null {
  const declared =
    /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head) ??
    /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)/i.exec(head);
  return declared?.[1] ?? null;
}
