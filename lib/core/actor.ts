import { SluiceError } from "./errors";

/**
 * Who acts. Every verb takes one, so "who did this" is never a free string.
 *
 * `tags` of an API key narrow what it may see and touch: null means everything.
 */
export type Actor =
  | { kind: "person"; userId: string; email: string; address: string | null }
  | { kind: "api_key"; keyId: string; name: string; tags: readonly string[] | null; address: string | null }
  | { kind: "system"; name: "schedule" | "worker" | "start" | "command line" };

/** The container tags an actor is confined to, or null when it may see everything. */
export function tagsOf(actor: Actor): readonly string[] | null {
  return actor.kind === "api_key" ? actor.tags : null;
}

/** A short name for history and audit: an email, a key's name, or the part of Sluice. */
export function labelOf(actor: Actor): string {
  if (actor.kind === "person") return actor.email;
  return actor.name;
}

/**
 * For what holds credentials or names keys of every tenant: a key that is confined to tags may not see or touch it.
 * `nouns` begins the sentence, such as "Connections".
 */
export function demandFullAccess(actor: Actor, nouns: string): void {
  if (tagsOf(actor) === null) return;
  throw new SluiceError({
    code: "forbidden",
    effect: "stop",
    message: "Forbidden",
    details: `This API key is confined to container tags. ${nouns} need a key without that limit.`,
  });
}
