import type { ReadText } from "../clean-text";

/** How far into a document its title is looked for. */
const TITLE_SEARCH_CHARS = 64 * 1024;
/** Marks are taken out of so much of a heading; more than a title can hold, little enough for any regex. */
const HEADING_CHARS_MAX = 1_000;

/** Markdown reads well as it is. Its title is the front matter's, else the first heading's. */
export function readMarkdown(text: string): ReadText {
  const lines = text.slice(0, TITLE_SEARCH_CHARS).split(/\r\n?|\n/);
  const fenceEnd = frontMatterEnd(lines);
  const title = titleInFrontMatter(lines.slice(1, fenceEnd)) ?? firstHeading(lines.slice(fenceEnd + 1));
  return { text, title, isCut: false };
}

/** The index of the line that closes YAML (`---`) or TOML (`+++`) front matter, or -1 when there is none. */
function frontMatterEnd(lines: string[]): number {
  const fence = lines[0]?.replace(/^\uFEFF/, "").trimEnd();
  if (fence !== "---" && fence !== "+++") return -1;
  return lines.findIndex((line, at) => at > 0 && line.trimEnd() === fence);
}

function titleInFrontMatter(lines: string[]): string | null {
  for (const line of lines) {
    const value = /^title\s*[:=]\s*(.+)$/i.exec(line)?.[1]?.trim();
    if (value) return value.replace(/^(["'])(.*)\1$/, "$2");
  }
  return null;
}

/** The first `# heading` or underlined heading outside a code fence, without its marks. */
function firstHeading(lines: string[]): string | null {
  let fence: string | null = null;
  for (const [at, line] of lines.entries()) {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1] ?? null;
    if (mark !== null && (fence === null || fence === mark)) fence = fence === null ? mark : null;
    if (fence !== null || mark !== null) continue;
    const heading = /^ {0,3}#{1,6}[ \t]+(.+)$/.exec(line)?.[1]?.replace(/[ \t]#+[ \t]*$/, "");
    if (heading) return withoutMarks(heading);
    if (/^ {0,3}(=+|-{2,})[ \t]*$/.test(line) && isParagraphLine(lines[at - 1]))
      return withoutMarks(lines[at - 1] ?? "");
  }
  return null;
}

function isParagraphLine(line: string | undefined): boolean {
  return line !== undefined && line.trim() !== "" && !/^\s*([-*>|#]|\d+[.)])/.test(line);
}

function withoutMarks(heading: string): string {
  return heading
    .slice(0, HEADING_CHARS_MAX)
    .replace(/!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, "$1")
    .replace(/\*\*|__|`/g, "")
    .trim();
}
