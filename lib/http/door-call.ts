import type { Actor } from "@/lib/core/actor";
import { systemClock } from "@/lib/core/clock";
import type { Database } from "@/lib/db/database";
import type { Installation } from "./installation";

/**
 * What every door hands to the work behind it. `read` and `write` give a verb its `tx`, so that a route never opens
 * the database itself:
 *
 *     const connections = await read((tx) => listConnections({ actor, tx, input }));
 *     const key = await write((tx) => createApiKey({ actor, tx, input, now }));
 */
export type Workplace = {
  /** The moment the request came in, epoch ms. One request acts at one time. */
  now: number;
  installation: Installation;
  /** Reads what is committed; refuses to write. */
  read: Database["reading"];
  /**
   * One transaction: all of it or nothing. No network and no password hashing inside. Answers that were read before it
   * are shared no more.
   */
  write: Database["transaction"];
};

/** A route of the API or of the console, with the path's parameters already awaited. */
export type DoorCall<Params> = Workplace & { request: Request; actor: Actor; params: Params };

/** What Next.js gives a route as its second argument. */
export type RouteContext<Params> = { params: Promise<Params> };

export type Route<Params> = (request: Request, context: RouteContext<Params>) => Promise<Response>;

export function workplaceOf(installation: Installation): Workplace {
  const { database, shared } = installation;
  const write: Database["transaction"] = (work) => database.transaction(work).finally(shared.forgetAll);
  return { now: systemClock(), installation, read: database.reading, write };
}
