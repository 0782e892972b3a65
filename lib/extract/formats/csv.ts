import { parse } from "csv-parse/sync";
import { TEXT_BYTES_MAX } from "@/lib/core/limits";
import { type ReadText, sliceUnits } from "../clean-text";

const DELIMITERS = ["\t", ",", ";", "|"] as const;
const LINES_LOOKED_AT = 20;
const UNCLOSED_QUOTES_MAX = 4;

/**
 * A table as one line a row: `name: Ada; city: London` where the first row names the columns, so that a chunk
 * from the middle still says what its values are; else the cells with tabs between. Empty cells are left out
 * of named rows. Ragged rows keep all their cells.
 */
export function readCsv(text: string): ReadText {
  // What is written is never shorter than the cells that are read, so more input cannot fit.
  const part = sliceUnits(text, TEXT_BYTES_MAX);
  const rows = parseRows(part.replace(/^\uFEFF/, ""), findDelimiter(part));
  const header = rows.length > 1 ? headerOf(rows[0] ?? []) : null;
  const lines = header === null ? rows.map(tabbed) : rows.slice(1).map((row) => named(header, row));
  return { text: lines.join("\n"), title: null, isCut: part.length < text.length };
}

/** The delimiter that splits the first lines into most cells, the same number each time if possible. */
function findDelimiter(text: string): string {
  const lines = text
    .slice(0, 64 * 1024)
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== "");
  const looked = lines.slice(0, LINES_LOOKED_AT).map((line) => line.replace(/"[^"]*"/g, ""));
  const scores = DELIMITERS.map((delimiter) => {
    const counts = looked.map((line) => line.split(delimiter).length - 1);
    const first = counts[0] ?? 0;
    const agreeing = counts.filter((count) => count === first).length;
    return { delimiter, score: first === 0 ? 0 : agreeing * 1_000 + Math.min(first, 999) };
  });
  return scores.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

/**
 * All rows. A quote that never closes would swallow the rest of the table: the line it stands on is then split
 * as it is and reading goes on behind it; after a few such lines quotes are plain characters.
 */
function parseRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let rest = text;
  for (let failures = 0; rest !== ""; failures++) {
    const read = parseUntilFailure(rest, delimiter, failures < UNCLOSED_QUOTES_MAX ? '"' : false);
    for (const row of read.rows) rows.push(row);
    if (read.failedAtByte === null) break;
    rest = Buffer.from(rest, "utf8")
      .subarray(read.failedAtByte)
      .toString("utf8")
      .replace(/^[\r\n]+/, "");
    const lineEnd = rest.search(/[\r\n]|$/);
    rows.push(rest.slice(0, lineEnd).split(delimiter));
    rest = rest.slice(lineEnd).replace(/^[\r\n]+/, "");
  }
  return rows;
}

function parseUntilFailure(
  text: string,
  delimiter: string,
  quote: '"' | false,
): { rows: string[][]; failedAtByte: number | null } {
  const rows: string[][] = [];
  let readBytes = 0;
  try {
    parse(text, {
      delimiter,
      quote,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      on_record(row: string[], { bytes }) {
        rows.push(row);
        readBytes = bytes;
        return null;
      },
    });
    return { rows, failedAtByte: null };
  } catch {
    return { rows, failedAtByte: readBytes };
  }
}

/** The first row when it names columns: at least two cells, each filled, different, and not a number or a date. */
function headerOf(row: string[]): string[] | null {
  const names = row.map(oneLine);
  if (names.length < 2 || new Set(names).size < names.length) return null;
  const isName = (cell: string) => cell !== "" && cell.length <= 100 && !/^[-+]?[\d.,:/\s%$€£-]+$/.test(cell);
  return names.every(isName) ? names : null;
}

function named(header: string[], row: string[]): string {
  const cells = row.map((cell, at) => [header[at] ?? `column ${at + 1}`, oneLine(cell)] as const);
  return cells
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join("; ");
}

function tabbed(row: string[]): string {
  return row.map(oneLine).join("\t");
}

function oneLine(cell: string): string {
  return cell.replace(/\s+/g, " ").trim();
}
