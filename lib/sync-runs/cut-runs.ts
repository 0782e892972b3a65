import { type Actor, demandFullAccess } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import type { RunKind } from "@/lib/rules/run-status";

/** Why runs end that a person did not ask to end one by one. */
export type CutReason = { errorCode: "paused" | "superseded"; error: string };

/** Cancels the run that waits, if it is of one of these kinds; every kind unless they are named. */
export async function cutQueuedRun(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string; kinds?: readonly RunKind[]; reason: CutReason };
  now: number;
}): Promise<boolean> {
  demandFullAccess(args.actor, "Sync runs");
  const { connectionId, kinds, reason } = args.input;
  const { count } = await args.tx.prisma.syncRun.updateMany({
    where: { connectionId, status: "queued", ...(kinds === undefined ? {} : { kind: { in: [...kinds] } }) },
    data: { status: "canceled", completedAt: BigInt(args.now), ...reason },
  });
  return count > 0;
}

/** Asks the worker of the run that is under way to end it. False when there is none, or it was asked already. */
export async function cutRunningRun(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string };
  now: number;
}): Promise<boolean> {
  demandFullAccess(args.actor, "Sync runs");
  const { count } = await args.tx.prisma.syncRun.updateMany({
    where: { connectionId: args.input.connectionId, status: "running", cancelAskedAt: null },
    data: { cancelAskedAt: BigInt(args.now) },
  });
  return count > 0;
}
