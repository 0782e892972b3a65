import { deflateSync } from "node:zlib";

const LINE_CHARS = 88;
const LINES_A_PAGE = 52;
const LEADING_POINTS = 14;

/** A PDF 1.4 of these pages, each an array of lines in ASCII: one font, compressed pages, a cross-reference table. */
export function pdfOf(pages) {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${4 + at * 2} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ...pages.flatMap((lines, at) => [pageObject(5 + at * 2), contentObject(lines)]),
  ];
  return assemble(objects);
}

/** Breaks a text into pages that `pdfOf` takes. */
export function pagesOf(text) {
  const lines = text.split("\n").flatMap((line) => line.match(BREAKS) ?? [""]);
  const pages = [];
  for (let at = 0; at < lines.length; at += LINES_A_PAGE) pages.push(lines.slice(at, at + LINES_A_PAGE));
  return pages;
}

const BREAKS = new RegExp(`.{1,${LINE_CHARS}}(?: |$)`, "g");

function pageObject(contentNumber) {
  const resources = "<< /Font << /F1 3 0 R >> >>";
  return `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources ${resources} /Contents ${contentNumber} 0 R >>`;
}

function contentObject(lines) {
  const shown = lines.map((line) => `(${line.replace(/[\\()]/g, "\\$&")}) Tj T*`).join("\n");
  const packed = deflateSync(`BT /F1 11 Tf ${LEADING_POINTS} TL 56 790 Td\n${shown}\nET`);
  const head = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), packed, Buffer.from("\nendstream", "latin1")]);
}

/** Numbers the objects from 1, and says at the end where each begins. */
function assemble(objects) {
  const pieces = [Buffer.from("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  let length = pieces[0].length;
  const offsets = [];
  const add = (piece) => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const [at, object] of objects.entries()) {
    offsets.push(length);
    add(Buffer.from(`${at + 1} 0 obj\n`, "latin1"));
    add(Buffer.from(object, "latin1"));
    add(Buffer.from("\nendobj\n", "latin1"));
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  add(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
      "latin1",
    ),
  );
  return Buffer.concat(pieces);
}
