import { RE2JS } from "re2js";
import { CONTAINER_TAG_CHARS_MAX, CONTAINER_TAG_REGEX_CHARS_MAX } from "@/lib/core/limits";

/** The group whose text becomes the container tag. */
export const TAG_GROUP = "userId";

const LEGAL_TAG = new RegExp(`^[a-zA-Z0-9_:-]{1,${CONTAINER_TAG_CHARS_MAX}}$`);

export function isContainerTag(text: string): boolean {
  return LEGAL_TAG.test(text);
}

/** What the regex says of one key. `start` and `end` are the captured characters, for marking them. */
export type TagMatch =
  | { outcome: "tag"; tag: string; start: number; end: number }
  | { outcome: "no_match" }
  | { outcome: "invalid"; captured: string; start: number; end: number };

export type ContainerTagRule = { matchKey(key: string): TagMatch };

export type CompiledRule = { rule: ContainerTagRule } | { problem: string };

/**
 * Compiles a `containerTagRegex`, or says in a sentence why it is refused.
 *
 * RE2 syntax, which runs in time linear to the key's length: no look-around and no back-references. It is searched
 * in the whole key, unanchored; the first match counts.
 *
 *   regex     group userId          outcome
 *   matches   a legal tag           tag
 *   matches   unset, empty, other   invalid (never altered: another tenant could own the altered tag)
 *   no match  -                     no_match
 */
export function compileContainerTagRegex(source: string): CompiledRule {
  if (source.length > CONTAINER_TAG_REGEX_CHARS_MAX) {
    return { problem: `The regex has ${source.length} characters; it must have less than 200.` };
  }
  try {
    const pattern = RE2JS.compile(source);
    if (!(TAG_GROUP in pattern.namedGroups())) {
      return { problem: `The regex must contain the named group (?<${TAG_GROUP}>...).` };
    }
    return { rule: { matchKey: (key) => matchKey(pattern, key) } };
  } catch (thrown) {
    return { problem: refusal(thrown) };
  }
}

function matchKey(pattern: RE2JS, key: string): TagMatch {
  const matcher = pattern.matcher(key);
  if (!matcher.find()) return { outcome: "no_match" };
  const captured = matcher.group(TAG_GROUP) ?? "";
  const start = Math.max(matcher.start(TAG_GROUP), 0);
  const end = start + captured.length;
  if (isContainerTag(captured)) return { outcome: "tag", tag: captured, start, end };
  return { outcome: "invalid", captured, start, end };
}

function refusal(thrown: unknown): string {
  const reason =
    thrown instanceof Error ? thrown.message.replace(/^error parsing regexp: /, "") : "it cannot be read";
  return `The regex does not compile: ${reason}. Sluice uses RE2 syntax, without look-around and back-references.`;
}
