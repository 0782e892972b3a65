import type { CompiledRule, TagMatch } from "@/lib/rules/container-tag";

/** What becomes of one key: the captured stretch, if there is one, and its tags or why it has none. */
export type KeyOutcome = {
  key: string;
  kind: "tag" | "connection_tags" | "untagged" | "skipped" | "invalid";
  tags: readonly string[];
  marked: { start: number; end: number } | null;
};

export const PREVIEW_KEYS_MAX = 50;

/** The keys of a pasted text, one a line, at most 50. */
export function keysOf(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  return lines.slice(0, PREVIEW_KEYS_MAX);
}

/**
 *   regex      the key           tags
 *   none       any               the connection's
 *   given      legal capture     that one, in place of the connection's
 *   given      no match          the connection's, or skipped
 *   given      any other capture none: the object fails
 */
export function tagOfKey(args: {
  key: string;
  compiled: CompiledRule | null;
  connectionTags: readonly string[];
  fallback: "connection_tags" | "skip";
}): KeyOutcome {
  const { key, compiled, connectionTags, fallback } = args;
  const shared = {
    key,
    kind: connectionTags.length > 0 ? ("connection_tags" as const) : ("untagged" as const),
    tags: connectionTags,
    marked: null,
  };
  if (compiled === null || "problem" in compiled) return shared;
  const match: TagMatch = compiled.rule.matchKey(key);
  if (match.outcome === "no_match")
    return fallback === "skip" ? { ...shared, kind: "skipped", tags: [] } : shared;
  const marked = { start: match.start, end: match.end };
  if (match.outcome === "invalid") return { key, kind: "invalid", tags: [], marked };
  return { key, kind: "tag", tags: [match.tag], marked };
}
