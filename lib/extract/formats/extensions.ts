/** How a text is read once it is known to be text. */
export type TextFormat = "plain" | "markdown" | "html" | "csv" | "json";

const FORMAT_BY_EXTENSION: Readonly<Record<string, TextFormat>> = {
  md: "markdown",
  markdown: "markdown",
  mdown: "markdown",
  mkd: "markdown",
  mdx: "markdown",
  qmd: "markdown",
  rmd: "markdown",
  html: "html",
  htm: "html",
  xhtml: "html",
  xht: "html",
  shtml: "html",
  csv: "csv",
  tsv: "csv",
  tab: "csv",
  json: "json",
  jsonl: "json",
  ndjson: "json",
  geojson: "json",
  jsonld: "json",
  ipynb: "json",
  webmanifest: "json",
};

/**
 * How to read a text by its name; what the table does not know is plain text, as are source code, logs,
 * XML, YAML, TOML and INI files, which read best as they stand. A page without an extension is known by its first tag.
 */
export function formatOfText(name: string, text: string): TextFormat {
  const known = FORMAT_BY_EXTENSION[extensionOf(name)];
  if (known !== undefined) return known;
  return /^<(!doctype\s+html|html)[\s>]/i.test(withoutProlog(text.slice(0, PROLOG_CHARS))) ? "html" : "plain";
}

const PROLOG_CHARS = 2_048;

/** What follows the mark, white space, comments, processing instructions and SVG doctype that XML and HTML may begin with. */
export function withoutProlog(head: string): string {
  let rest = head.replace(/^(\u00EF\u00BB\u00BF|\uFEFF)/, "").trimStart();
  for (let opened = openedBy(rest); opened !== undefined; opened = openedBy(rest)) {
    const end = rest.indexOf(opened.close, opened.open.length);
    if (end < 0) return "";
    rest = rest.slice(end + opened.close.length).trimStart();
  }
  return rest;
}

const PROLOG_PARTS = [
  { open: "<!--", close: "-->" },
  { open: "<?", close: "?>" },
  { open: "<!DOCTYPE svg", close: ">" },
] as const;

function openedBy(rest: string): (typeof PROLOG_PARTS)[number] | undefined {
  return PROLOG_PARTS.find(({ open }) => rest.startsWith(open));
}

/** Lower case, without the dot; empty when the last part of the key has none. */
export function extensionOf(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  const dot = last.lastIndexOf(".");
  return dot < 0 ? "" : last.slice(dot + 1).toLowerCase();
}
