import { invalidInput } from "@/lib/core/errors";
import { compileContainerTagRegex } from "@/lib/rules/container-tag";

/** The settings a run works with, as they stood when it was claimed. Holds no secret. */
export type RunSettings = {
  bucket: string;
  region: string;
  endpoint: string | null;
  prefix: string;
  containerTagRegex: string | null;
  tagFallback: "connection_tags" | "skip";
  containerTags: string[];
  documentLimit: number;
  deletionPolicy: "remove" | "keep";
};

export type TagDecision =
  | { outcome: "tags"; tags: string[] }
  | { outcome: "no_tag" }
  | { outcome: "invalid"; captured: string };

/** What belongs to a connection, and under which tags. */
export type Scope = {
  prefix: string;
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
 */
export function compileScope(settings: RunSettings): Scope {
  const own: TagDecision = { outcome: "tags", tags: [...new Set(settings.containerTags)].sort() };
  if (settings.containerTagRegex === null) return { prefix: settings.prefix, tagsFor: () => own };

  const compiled = compileContainerTagRegex(settings.containerTagRegex);
  if ("problem" in compiled) throw invalidInput("metadata.containerTagRegex", compiled.problem);
  return {
    prefix: settings.prefix,
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
