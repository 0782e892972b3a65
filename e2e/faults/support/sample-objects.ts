import { readFile } from "node:fs/promises";
import path from "node:path";
import { ODD_KEYS } from "../../../lib/source/testing/odd-keys";

type Content = string | Uint8Array;

/** The tag of every object that has none of its own. */
export const OWN_TAG = "faults";
/** Objects below `tenants/<tag>/` have the captured tag. */
export const TAG_REGEX = "^tenants/(?<userId>[^/]+)/";

/** Questions whose answers belong to the end state: many documents, few, one, none. */
export const QUERIES = ["heron", "ledger of bob", '"page number 42"', "timetable", "walrus"] as const;

const FIXTURES = [
  "handbook.md",
  "orders.csv",
  "returns.html",
  "letter.docx",
  "invoice.pdf",
  "invoice-damaged.pdf",
];

/** A few hundred small objects of every kind that an outcome is known for: stored, failed, skipped, tags, odd keys. */
export async function sampleObjects(notes = 160): Promise<Record<string, Content>> {
  const objects: Record<string, Content> = {
    "folder/": "",
    "nothing.txt": "",
    "picture.png": Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
    "tenants/eve@example.com/secret.md": "An address is no tag.",
  };
  for (const [at, key] of ODD_KEYS.entries())
    objects[`odd/${key}`] = `The heron of the odd key number ${at}.`;
  for (const tag of ["ada", "bob"]) {
    for (let at = 0; at < 30; at++)
      objects[`tenants/${tag}/${padded(at)}.md`] = `# The ledger of ${tag}\n\nPage ${at}.`;
  }
  for (let at = 0; at < notes; at++)
    objects[`notes/${padded(at)}.txt`] = `A note on page number ${at} of the book.`;
  for (const name of FIXTURES) objects[`files/${name}`] = await readFile(fixturePath(name));
  return objects;
}

export function padded(at: number): string {
  return String(at).padStart(4, "0");
}

function fixturePath(name: string): string {
  return path.resolve(import.meta.dirname, "../../fixtures", name);
}
