import { BLOCKS, PARAGRAPHS } from "./html-elements";

/**
 * Writes what a walk over HTML tells as plain text: white space collapsed as a browser does, a line for each
 * block, an empty line around paragraphs, `#` before headings, `-` before list items, ` | ` between cells.
 */
export class HtmlText {
  #pieces: string[] = [];
  #length = 0;
  /** Newlines owed before the next text; nothing is owed at the very start. */
  #breaks = 0;
  #isSpaceOwed = false;
  /** Put before the next text: the mark of a heading or an item, dropped when no text comes. */
  #mark = "";
  #preDepth = 0;
  #listDepth = 0;
  #cells = 0;
  #rows = 0;
  #isRowWritten = false;
  /** Bars owed before the next text of a row: one for each cell since the last text. */
  #bars = "";

  /** Characters written so far. */
  get length(): number {
    return this.#length;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#breakAround(name);
    if (name === "pre" || name === "textarea") this.#preDepth++;
    if (name === "ul" || name === "ol") this.#listDepth++;
    if (name === "li") this.#mark = `${"  ".repeat(Math.min(Math.max(this.#listDepth - 1, 0), 8))}- `;
    if (/^h[1-6]$/.test(name)) this.#mark = `${"#".repeat(Number(name[1]))} `;
    if (name === "br") this.#breaks = Math.min(2, this.#breaks + 1);
    if (name === "table") this.#rows = 0;
    if (name === "tr") this.#openRow();
    if (name === "td" || name === "th") this.#openCell();
    if (name === "img") this.write(` ${attributes.alt ?? ""} `);
  }

  close(name: string): void {
    if (name === "pre" || name === "textarea") this.#preDepth = Math.max(0, this.#preDepth - 1);
    if (name === "ul" || name === "ol") this.#listDepth = Math.max(0, this.#listDepth - 1);
    if (name === "li" || /^h[1-6]$/.test(name)) this.#mark = "";
    if (name === "table") this.#closeTable();
    this.#breakAround(name);
  }

  write(text: string): void {
    if (this.#preDepth > 0) this.#emit(text);
    else this.#writeFlowing(text);
  }

  toString(): string {
    return this.#pieces.join("").trimEnd();
  }

  #writeFlowing(text: string): void {
    const words = text.replace(/[ \t\r\n\f\u00A0]+/g, " ");
    if (words.startsWith(" ")) this.#isSpaceOwed = true;
    const trimmed = words.trim();
    if (trimmed === "") return;
    this.#emit(trimmed);
    this.#isSpaceOwed = words.endsWith(" ");
  }

  #openRow(): void {
    this.#rows++;
    this.#isRowWritten = false;
    this.#cells = 0;
    this.#bars = "";
  }

  #closeTable(): void {
    this.#cells = 0;
    this.#bars = "";
  }

  #openCell(): void {
    if (this.#cells > 0) this.#bars += " | ";
    this.#cells++;
  }

  #emit(text: string): void {
    const piece = `${this.#gap()}${this.#mark}${text}`;
    if (this.#cells > 0) this.#isRowWritten = true;
    this.#breaks = 0;
    this.#isSpaceOwed = false;
    this.#mark = "";
    this.#bars = "";
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** What parts the next text from the last: a cell's bar goes before any line break that its content asks for. */
  #gap(): string {
    if (this.#bars !== "" && this.#isRowWritten) return this.#bars;
    if (this.#length === 0) return this.#bars.trimStart();
    // Paragraphs in cells do not part the rows of a table.
    const isLaterRow = this.#cells > 0 && this.#rows > 1 && !this.#isRowWritten;
    const breaks = isLaterRow ? 1 : this.#breaks;
    const space = breaks > 0 ? "\n".repeat(breaks) : this.#isSpaceOwed ? " " : "";
    return space + this.#bars.trimStart();
  }

  #breakAround(name: string): void {
    const isParagraph =
      PARAGRAPHS.has(name) && !(this.#listDepth > 0 && (name === "ul" || name === "ol" || name === "p"));
    const owed = isParagraph ? 2 : BLOCKS.has(name) ? 1 : 0;
    if (owed > this.#breaks) this.#breaks = owed;
  }
}
