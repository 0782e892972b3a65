import { EXTENSION_CHARS_MAX, EXTENSIONS_MAX } from "@/lib/core/limits";
import { compileGlobs } from "./glob";

/** Which of the listed objects belong to a connection, beside its prefix. Empty lists and nulls let everything in. */
export type Filters = {
  includeGlobs: string[];
  excludeGlobs: string[];
  /** With a dot in front or without, whatever the case. */
  extensions: string[];
  /** Bytes an object must have at least, and may have at most. */
  sizeBytesMin: number | null;
  sizeBytesMax: number | null;
};

export const NO_FILTERS: Filters = {
  includeGlobs: [],
  excludeGlobs: [],
  extensions: [],
  sizeBytesMin: null,
  sizeBytesMax: null,
};

/** The filters that stand in a connection's columns. */
export function filtersOf(row: {
  includeGlobs: string;
  excludeGlobs: string;
  extensions: string;
  sizeBytesMin: bigint | null;
  sizeBytesMax: bigint | null;
}): Filters {
  return {
    includeGlobs: textsOf(row.includeGlobs),
    excludeGlobs: textsOf(row.excludeGlobs),
    extensions: textsOf(row.extensions),
    sizeBytesMin: row.sizeBytesMin === null ? null : Number(row.sizeBytesMin),
    sizeBytesMax: row.sizeBytesMax === null ? null : Number(row.sizeBytesMax),
  };
}

function textsOf(json: string): string[] {
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.filter((part) => typeof part === "string") : [];
}

export type ObjectFilter = (object: { key: string; sizeBytes: number }) => boolean;

export type CompiledFilters =
  | { isIncluded: ObjectFilter }
  | { problem: string; field: "includeGlobs" | "excludeGlobs" | "extensions" | "sizeBytesMax" };

/**
 * Compiles filters, or says in a sentence why one is refused, and which.
 *
 *   include globs   exclude globs   extensions   size        object
 *   one is met      none is met     one is its   in bounds   belongs to the connection
 *   anything else                                            is left out
 *
 * A list that is empty asks nothing. Asked for every listed key: without filters the answer costs nothing.
 */
export function compileFilters(filters: Filters): CompiledFilters {
  const includes = compileGlobs(filters.includeGlobs);
  if ("problem" in includes) return { problem: includes.problem, field: "includeGlobs" };
  const excludes = compileGlobs(filters.excludeGlobs);
  if ("problem" in excludes) return { problem: excludes.problem, field: "excludeGlobs" };
  const wrong = extensionsProblem(filters.extensions);
  if (wrong !== null) return { problem: wrong, field: "extensions" };
  const { sizeBytesMin, sizeBytesMax } = filters;
  if (sizeBytesMin !== null && sizeBytesMax !== null && sizeBytesMin > sizeBytesMax) {
    return { problem: "The smallest size is above the largest, so no object fits.", field: "sizeBytesMax" };
  }

  const tests: ObjectFilter[] = [];
  if (sizeBytesMin !== null) tests.push(({ sizeBytes }) => sizeBytes >= sizeBytesMin);
  if (sizeBytesMax !== null) tests.push(({ sizeBytes }) => sizeBytes <= sizeBytesMax);
  const extensions = new Set(filters.extensions.map(bareExtension));
  if (extensions.size > 0) tests.push(({ key }) => extensions.has(extensionOf(key)));
  if (filters.includeGlobs.length > 0) tests.push(({ key }) => includes.matchKey(key));
  if (filters.excludeGlobs.length > 0) tests.push(({ key }) => !excludes.matchKey(key));
  return { isIncluded: tests.length === 0 ? () => true : (object) => tests.every((test) => test(object)) };
}

/** What follows the last dot of a key's last part, in lower case; empty where there is none, as in `.profile`. */
export function extensionOf(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

const bareExtension = (extension: string) => extension.replace(/^\./, "").toLowerCase();

function extensionsProblem(extensions: readonly string[]): string | null {
  if (extensions.length > EXTENSIONS_MAX) {
    return `There are ${extensions.length} extensions; there may be at most ${EXTENSIONS_MAX}.`;
  }
  for (const extension of extensions) {
    const bare = bareExtension(extension);
    if (bare === "" || bare.length > EXTENSION_CHARS_MAX || /[./*?\s]/.test(bare)) {
      return `"${extension}" is no extension, such as pdf. For longer endings there are globs, such as *.tar.gz.`;
    }
  }
  return null;
}
