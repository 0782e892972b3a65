import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { SESSION_MS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { hashToken, newToken, type Origin } from "./internal";

/** What the browser keeps. The token exists here and in the cookie; the database has its hash. */
export type OpenedSession = { token: string; expiresAt: number };

const USER_AGENT_CHARS_MAX = 300;

/** Signs a person in whose password was found right. Their sessions that are over are cleared away on the way. */
export async function openSession(args: {
  tx: Tx;
  administrator: { id: string; email: string };
  origin: Origin;
  now: number;
}): Promise<OpenedSession> {
  const { tx, administrator, origin, now } = args;
  const session = { id: newId(), token: newToken(), expiresAt: now + SESSION_MS };
  await tx.prisma.session.deleteMany({ where: { expiresAt: { lte: BigInt(now) } } });
  await tx.prisma.session.create({
    data: {
      id: session.id,
      administratorId: administrator.id,
      tokenHash: hashToken(session.token),
      userAgent: origin.userAgent.slice(0, USER_AGENT_CHARS_MAX),
      address: origin.address,
      createdAt: BigInt(now),
      seenAt: BigInt(now),
      expiresAt: BigInt(session.expiresAt),
    },
  });
  const actor: Actor = {
    kind: "person",
    userId: administrator.id,
    email: administrator.email,
    address: origin.address,
  };
  const subject = { kind: "session", id: session.id } as const;
  await recordAudit(tx, { actor, action: "session.opened", subject, now });
  return { token: session.token, expiresAt: session.expiresAt };
}
