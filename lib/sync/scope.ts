import { invalidInput } from "@/lib/core/errors";
import { compileContainerTagRegex } from "@/lib/rules/container-tag";
import { compileFilters, type Filters, filtersOf, type ObjectFilter } from "@/lib/rules/filters";

/** The settings a run works with, as they stood when it was claimed. Holds no secret. */
export type RunSettings = {
  bucket: string;
  region: string;
  endpoint: string | null;
  prefix: string;
  filters: Filters;
  containerTagRegex: string | null;
  tagFallback: "connection_tags" | "skip";
  containerTags: string[];
  documentLimit: number;
  deletionPolicy: "remove" | "keep";
};

/** Chosen column by column from a connection's row: they are kept with the run, and no secret may come along. */
export function runSettingsOf(
  row: Pick<
    RunSettings,
    "bucket" | "region" | "endpoint" | "prefix" | "containerTagRegex" | "documentLimit"
  > &
    Parameters<typeof filtersOf>[0] & {
      tagFallback: string;
      deletionPolicy: string;
      /** In the order of their positions. */
      tags: readonly { tag: string }[];
    },
): RunSettings {
  return {
    bucket: row.bucket,
    region: row.region,
    endpoint: row.endpoint,
    prefix: row.prefix,
    filters: filtersOf(row),
    containerTagRegex: row.containerTagRegex,
    tagFallback: row.tagFallback === "skip" ? "skip" : "connection_tags",
    containerTags: row.tags.map(({ tag }) => tag),
    documentLimit: row.documentLimit,
    deletionPolicy: row.deletionPolicy === "keep" ? "keep" : "remove",
  };
}

export type TagDecision =
  | { outcome: "tags"; tags: string[] }
  | { outcome: "no_tag" }
  | { outcome: "invalid"; captured: string };

/** What belongs to a connection, and under which tags. */
export type Scope = {
  prefix: string;
  /** False for what the filters leave out: it is skipped as `filtered`, and its document leaves the scope. */
  isInScope: ObjectFilter;
  /** The tags of the document that stands for this key, sorted. */
  tagsFor(key: string): TagDecision;
};

/**
 *   regex   key        tagFallback        tags
 *   none    -          -                  the connection's
 *   given   captures   -                  the captured one alone
 *   given   no match   connection_tags    the connection's
 *   given   no match   skip               no_tag
 *   given   illegal    -                  invalid: never altered, never the shared ones
 *
 * Throws `invalid_input` for a rule that does not compile.
 */
export function compileScope(settings: RunSettings): Scope {
  const { prefix } = settings;
  const filters = compileFilters(settings.filters);
  if ("problem" in filters) throw invalidInput(`metadata.${filters.field}`, filters.problem);
  const isInScope = filters.isIncluded;
  const own: TagDecision = { outcome: "tags", tags: [...new Set(settings.containerTags)].sort() };
  if (settings.containerTagRegex === null) return { prefix, isInScope, tagsFor: () => own };

  const compiled = compileContainerTagRegex(settings.containerTagRegex);
  if ("problem" in compiled) throw invalidInput("metadata.containerTagRegex", compiled.problem);
  return {
    prefix,
    isInScope,
    tagsFor: (key) => {
      const match = compiled.rule.matchKey(key);
      if (match.outcome === "tag") return { outcome: "tags", tags: [match.tag] };
      if (match.outcome === "invalid") return { outcome: "invalid", captured: match.captured };
      return settings.tagFallback === "skip" ? { outcome: "no_tag" } : own;
    },
  };
}

/** One text for a set of sorted tags, to compare and to store. A tag cannot contain a comma. */
export function joinTags(tags: readonly string[]): string {
  return tags.join(",");
}
