import { type Actor, demandFullAccess } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { getRunRow, runView } from "./internal";
import type { RunView } from "./schema";

/** Throws `not_found`, also for runs of a connection that was removed or is another than the one that is named. */
export async function getSyncRun(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; connectionId?: string };
}): Promise<RunView> {
  demandFullAccess(args.actor, "Sync runs");
  return runView(await getRunRow(args.tx, args.input));
}
