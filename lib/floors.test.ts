import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

/** Rooms by floor, from the ground up. A file imports from its own room or from lower floors. */
const FLOORS: readonly (readonly string[])[] = [
  ["lib/rules", "lib/core"],
  ["lib/db", "lib/secrets", "lib/analyze"],
  ["lib/source", "lib/extract", "lib/destination", "lib/audit"],
  ["lib/sync"],
  [
    "lib/connections",
    "lib/sync-runs",
    "lib/documents",
    "lib/search",
    "lib/api-keys",
    "lib/auth",
    "lib/holds",
  ],
  ["lib/use-cases"],
  ["lib/worker", "lib/http", "lib/commands"],
  ["components"],
  ["app"],
];

/** The one step sideways: the rules' bounds stand in core. */
const NEIGHBOURS: Record<string, string[]> = { "lib/rules": ["lib/core"] };

/** Lower floors that a room still may not enter. */
const CLOSED: Record<string, RegExp> = {
  // Doors call verbs; only verbs and machinery touch the database, S3 or secrets.
  app: /^lib\/(db|secrets|source|extract|destination|sync|worker|commands)\//,
  // Components are bundled for the browser, so they see rules, bounds and shapes, and no server code.
  components: /^lib\/(?!rules\/|core\/limits$|[a-z-]+\/schema$)/,
  // The engine is handed everything: it stores nothing and opens nothing.
  "lib/sync": /^lib\/(db|secrets|audit|destination)\//,
  "lib/source": /^lib\/(db|secrets)\//,
  "lib/extract": /^lib\/(db|secrets)\//,
};

/** Vendors that stay in their room. */
const VENDORS: readonly [RegExp, RegExp][] = [
  [/^@aws-sdk\/|^@smithy\/|^undici$/, /^lib\/source\//],
  [/^@prisma\/|^libsql$|^pg$/, /^lib\/db\//],
  [/^pg-boss$/, /^lib\/worker\//],
  [/^(unpdf|mammoth|file-type|chardet|iconv-lite|yauzl|csv-parse|htmlparser2)/, /^lib\/extract\//],
  [/^stemmer$/, /^lib\/analyze\//],
  [/^re2js$|^croner$/, /^lib\/rules\//],
  [/^pino$/, /^lib\/core\//],
  [/^next(\/|$)/, /^(app|lib\/http|components)\/|^(proxy|next\.config|instrumentation)\.ts$/],
  [/^(react|@base-ui|@tanstack|react-hook-form|lucide-react|sonner)/, /^(app|components)\//],
];

const ROOT = path.resolve(import.meta.dirname, "..");
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g;

const roomOf = (file: string) => FLOORS.flat().find((room) => file.startsWith(`${room}/`)) ?? null;
const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));

type Import = { file: string; target: string };

/** Why an import is refused; null when it is fine. */
function offence({ file, target }: Import): string | null {
  const vendor = VENDORS.find(([name]) => name.test(target));
  if (vendor && !vendor[1].test(file)) return "a vendor outside its room";
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === null || to === null || from === to) return null;
  if (NEIGHBOURS[from]?.includes(to)) return null;
  if (floorOf(to) >= floorOf(from)) return "up or sideways";
  return CLOSED[from]?.test(target) ? "a closed room" : null;
}

function sourceFiles(): string[] {
  return ["app", "components", "lib"]
    .flatMap((top) =>
      readdirSync(path.join(ROOT, top), { recursive: true, encoding: "utf8" }).map(
        (file) => `${top}/${file}`,
      ),
    )
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"))
    .filter((file) => !/\.test\.tsx?$|\/testing\/|\/generated\//.test(file));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => {
    if (specifier.startsWith("@/")) return { file, target: specifier.slice(2) };
    if (specifier.startsWith("."))
      return { file, target: path.posix.join(path.posix.dirname(file), specifier) };
    return { file, target: specifier };
  });
}

describe("the floors", () => {
  test("imports go down the floors, never up, sideways, or to a vendor of another room", () => {
    const offences = sourceFiles()
      .flatMap(importsOf)
      .flatMap((found) => {
        const why = offence(found);
        return why === null ? [] : [`${found.file} -> ${found.target}: ${why}`];
      });
    expect(offences).toEqual([]);
  });

  test("every source file has a room", () => {
    expect(sourceFiles().filter((file) => roomOf(file) === null)).toEqual([]);
  });

  test.each([
    ["a page that opens the database", "app/page.tsx", "lib/db/database"],
    ["a component that calls a verb", "components/list.tsx", "lib/connections/list-connections"],
    ["a component that reads the environment", "components/list.tsx", "lib/core/env"],
    ["the engine that stores by itself", "lib/sync/run-sync.ts", "lib/db/sql/documents"],
    ["a verb that calls another room's verb", "lib/documents/list-documents.ts", "lib/search/search"],
    ["a lower room that knows a higher one", "lib/source/s3-source.ts", "lib/worker/worker"],
    ["S3's client outside its room", "lib/worker/worker.ts", "@aws-sdk/client-s3"],
    ["a verb that knows Next.js", "lib/connections/get-connection.ts", "next/headers"],
  ])("refuses %s", (_what, file, target) => {
    expect(offence({ file, target })).not.toBeNull();
  });

  test("no file of the product is longer than 250 lines", () => {
    const long = sourceFiles().flatMap((file) => {
      const lines = readFileSync(path.join(ROOT, file), "utf8").split("\n").length - 1;
      return lines > 250 ? [`${file}: ${lines}`] : [];
    });
    expect(long).toEqual([]);
  });
});
