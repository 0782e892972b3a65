import type { Tx } from "@/lib/db/database";
import { endSession } from "./end-session";
import type { Person } from "./internal";

/** Ends the session that asks. The cookie of a session that is over already signs nobody in, so that is no error. */
export async function signOut(args: {
  actor: Person;
  tx: Tx;
  input: { sessionId: string };
  now: number;
}): Promise<void> {
  const { actor, tx, now } = args;
  await endSession({ actor, tx, input: { id: args.input.sessionId }, now });
}
