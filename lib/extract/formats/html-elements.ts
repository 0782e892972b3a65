/** What is left out: only what no reader ever sees, or also what surrounds the text on every page of a site. */
export type Dropping = "invisible" | "furniture";

const INVISIBLE = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "head",
  "svg",
  "math",
  "canvas",
  "iframe",
  "object",
  "datalist",
]);
const FURNITURE = new Set(["nav", "aside", "form", "button", "select", "dialog", "menu"]);
/** Furniture of a page, but part of the text inside an article. */
const PAGE_EDGES = new Set(["header", "footer"]);
const FURNITURE_ROLES = new Set(["navigation", "banner", "contentinfo", "search", "complementary"]);

/** Whether an element and everything in it is left out. */
export function isDropped(
  name: string,
  attributes: Readonly<Record<string, string>>,
  where: { dropping: Dropping; isInArticle: boolean },
): boolean {
  if (INVISIBLE.has(name) || isHidden(attributes)) return true;
  if (where.dropping === "invisible") return false;
  if (FURNITURE.has(name) || FURNITURE_ROLES.has(attributes.role ?? "")) return true;
  return PAGE_EDGES.has(name) && !where.isInArticle;
}

function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  if (attributes.hidden !== undefined || attributes["aria-hidden"] === "true") return true;
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes.style ?? "");
}

/** Elements that stand on lines of their own. */
export const BLOCKS = new Set(
  (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form " +
    "header hgroup hr html legend li main menu nav ol option p pre section summary table tbody tfoot thead tr ul"
  ).split(" "),
);

/** Blocks with an empty line before and after. */
export const PARAGRAPHS = new Set(
  "article blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul".split(" "),
);
