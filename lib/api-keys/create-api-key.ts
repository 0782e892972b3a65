import { recordAudit } from "@/lib/audit/record-audit";
import { type Actor, labelOf } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import { hashApiKey, newApiKey, shownPrefix, viewOf } from "./internal";
import type { ApiKeyView, CreateApiKeyInput } from "./schema";

/** Makes a key. `key` is its only copy: the database keeps the hash, and nobody can show it again. */
export async function createApiKey(args: {
  actor: Actor;
  tx: Tx;
  input: CreateApiKeyInput;
  now: number;
}): Promise<{ key: string; view: ApiKeyView }> {
  const { actor, tx, input, now } = args;
  const key = newApiKey();
  const row = await tx.prisma.apiKey.create({
    data: {
      id: newId(),
      name: input.name,
      prefix: shownPrefix(key),
      hash: hashApiKey(key),
      tags: input.tags === null ? null : JSON.stringify(input.tags),
      createdBy: labelOf(actor),
      createdAt: BigInt(now),
    },
  });
  await recordAudit(tx, {
    actor,
    action: "api_key.created",
    subject: { kind: "api_key", id: row.id },
    after: { name: row.name, tags: input.tags },
    now,
  });
  return { key, view: viewOf(row) };
}
