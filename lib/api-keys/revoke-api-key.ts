import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/core/actor";
import { notFound, SluiceError } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { ENVIRONMENT } from "./internal";
import type { RevokeApiKeyInput } from "./schema";

/**
 * Ends a key for ever, from the next request on. Revoking one that is revoked changes nothing.
 *
 * Throws `not_found`, and `conflict` for the key from SLUICE_API_KEY: the next start would bring it back.
 */
export async function revokeApiKey(args: {
  actor: Actor;
  tx: Tx;
  input: RevokeApiKeyInput;
  now: number;
}): Promise<void> {
  const { actor, tx, input, now } = args;
  const row = await tx.prisma.apiKey.findUnique({ where: { id: input.id } });
  if (row === null) throw notFound("API key");
  if (row.createdBy === ENVIRONMENT && row.revokedAt === null) throw belongsToEnvironment();
  const { count } = await tx.prisma.apiKey.updateMany({
    where: { id: row.id, revokedAt: null },
    data: { revokedAt: BigInt(now) },
  });
  if (count === 0) return;
  await recordAudit(tx, {
    actor,
    action: "api_key.revoked",
    subject: { kind: "api_key", id: row.id },
    before: { name: row.name },
    now,
  });
}

function belongsToEnvironment(): SluiceError {
  return new SluiceError({
    code: "conflict",
    effect: "stop",
    message: "This API key comes from SLUICE_API_KEY",
    details: "Change or remove the variable and start Sluice again; the old key is then revoked.",
  });
}
