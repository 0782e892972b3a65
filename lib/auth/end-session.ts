import { recordAudit } from "@/lib/audit/record-audit";
import type { Tx } from "@/lib/db/database";
import type { Person } from "./internal";
import type { EndSessionInput } from "./schema";

/** Ends one session of the person who asks. Ending one that is over, or somebody else's, changes nothing. */
export async function endSession(args: {
  actor: Person;
  tx: Tx;
  input: EndSessionInput;
  now: number;
}): Promise<{ isEnded: boolean }> {
  const { actor, tx, input, now } = args;
  const { count } = await tx.prisma.session.deleteMany({
    where: { id: input.id, administratorId: actor.userId },
  });
  if (count === 0) return { isEnded: false };
  const subject = { kind: "session", id: input.id } as const;
  await recordAudit(tx, { actor, action: "session.ended", subject, now });
  return { isEnded: true };
}
