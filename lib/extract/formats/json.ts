import { TEXT_BYTES_MAX } from "@/lib/core/limits";
import { type ReadText, sliceUnits } from "../clean-text";
import { flattenJson } from "./json-lines";

/** A parsed tree takes many times its text; what is larger is stored as the text it is. */
const PARSED_CHARS_MAX = 16 * 1024 * 1024;

/**
 * JSON as `path: value` lines, so that each chunk says what its values mean. Lines of JSON (NDJSON) are one
 * record each with an empty line between. What does not parse is stored as it stands.
 * The title is a top-level `title` that is a string.
 */
export function readJson(text: string): ReadText {
  if (text.length > PARSED_CHARS_MAX) return { text, title: null, isCut: false };
  const whole = parse(text);
  if (whole !== undefined) {
    const flat = flattenJson(whole, TEXT_BYTES_MAX);
    return { ...flat, title: titleOf(whole) };
  }
  return readLines(text) ?? { text, title: null, isCut: false };
}

/** Null when it is no NDJSON: fewer than two lines, or a first line that does not parse. */
function readLines(text: string): ReadText | null {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== "");
  if (lines.length < 2 || parse(lines[0] ?? "") === undefined) return null;
  const records: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (length > TEXT_BYTES_MAX) return { text: records.join("\n\n"), title: null, isCut: true };
    const record = parse(line);
    const flat = record === undefined ? line : flattenJson(record, TEXT_BYTES_MAX).text;
    records.push(flat);
    length += flat.length + 2;
  }
  return { text: records.join("\n\n"), title: null, isCut: false };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function titleOf(root: unknown): string | null {
  if (typeof root !== "object" || root === null || !("title" in root)) return null;
  return typeof root.title === "string" ? sliceUnits(root.title, 2_000) : null;
}
