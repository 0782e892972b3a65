/** A path is shortened from the left: the nearest names say most, and deep nesting would make long ones. */
const PATH_CHARS_MAX = 160;

type Step = { path: string; value: unknown };

/**
 * Any JSON value as lines of `path: value`. A list of plain values is one line; objects in a top-level list
 * have an empty line between them. Walks with its own stack, so depth costs no call stack.
 */
export function flattenJson(root: unknown, charsMax: number): { text: string; isCut: boolean } {
  const lines: string[] = [];
  let length = 0;
  const isListOfRecords = Array.isArray(root);
  const stack: Step[] = [{ path: "", value: root }];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (length > charsMax) return { text: lines.join("\n"), isCut: true };
    const line = lineOf(step);
    if (line !== null) {
      lines.push(line);
      length += line.length + 1;
      continue;
    }
    if (isListOfRecords && /^\[\d+\]$/.test(step.path) && lines.length > 0) lines.push("");
    pushChildren(stack, step);
  }
  return { text: lines.join("\n"), isCut: false };
}

/** The line of a value without members of its own, or null for one to walk into. */
function lineOf({ path, value }: Step): string | null {
  const plain = plainText(value);
  if (plain !== null) return path === "" ? plain : `${path}: ${plain}`;
  if (!Array.isArray(value)) return null;
  const items = value.map(plainText);
  if (items.length === 0 || items.includes(null) || path === "") return null;
  return `${path}: ${items.join(", ")}`;
}

/** Text of a string, number, boolean or null; null for a list or an object. */
function plainText(value: unknown): string | null {
  if (value === null) return "null";
  return typeof value === "object" ? null : String(value);
}

function pushChildren(stack: Step[], { path, value }: Step): void {
  if (Array.isArray(value)) {
    for (let at = value.length - 1; at >= 0; at--)
      stack.push({ path: shorten(`${path}[${at}]`), value: value[at] });
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value).reverse()) {
    stack.push({ path: shorten(path === "" ? name : `${path}.${name}`), value: member });
  }
}

function shorten(path: string): string {
  return path.length <= PATH_CHARS_MAX ? path : `…${path.slice(-PATH_CHARS_MAX)}`;
}
