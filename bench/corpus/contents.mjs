import { pagesOf, pdfOf } from "./pdf.mjs";
import { TEXT_SIZES, textOf } from "./texts.mjs";

const PDF_TEXT = { bytesMin: 50_000, bytesMax: 70_000 };

/** What objects hold: by form, the ending of their keys and the bytes of one by its number. */
export const FORMS = {
  /** 300 to 500 bytes of text. */
  small: textForm(TEXT_SIZES.small),
  /** 1 to 4 KB of text. */
  letter: textForm(TEXT_SIZES.letter),
  /** A PDF of about 20 pages, which takes some 45 ms of one core to read. */
  pdf: {
    ending: "pdf",
    contentType: "application/pdf",
    bytesOf: (number, generation) => pdfOf(pagesOf(textOf(number, generation, PDF_TEXT))),
  },
};

function textForm(size) {
  return {
    ending: "txt",
    contentType: "text/plain",
    bytesOf: (number, generation) => Buffer.from(textOf(number, generation, size), "latin1"),
  };
}
