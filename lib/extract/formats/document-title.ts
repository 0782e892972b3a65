/** Titles that programs put into a document's properties when nobody gave one. */
const MEANINGLESS =
  /^(untitled|document|title|slide|presentation|powerpoint presentation|word document|no title|unnamed|scan)[\s_-]*\d*$/i;

/** The title property of a PDF or a Word document when a person is likely to have written it, else null. */
export function documentTitle(property: string | null): string | null {
  const title = property?.replace(/^microsoft (office )?(word|powerpoint|excel) - /i, "").trim() ?? "";
  if (title === "" || MEANINGLESS.test(title)) return null;
  // A bare file name says no more than the key does.
  return /^\S+\.(docx?|pdf|indd|dvi|tex|qxd|rtf|odt|pptx?|xlsx?)$/i.test(title) ? null : title;
}
