import { type ClientRequestArgs, Agent as HttpAgent } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import type { SluiceError } from "@/lib/core/errors";
import { type AddressGuard, guardedLookup, refusalOfLiteral } from "./address-guard";

export type GuardedAgents = { http: HttpAgent; https: HttpsAgent };

type OnSocket = (error: Error | null, socket: Duplex) => void;

/**
 * Agents that judge every address at the moment they connect to it, so a name that resolves differently the
 * second time gains nothing. Node calls an agent's `lookup` for names only; literal addresses are judged before.
 * A refusal is a SluiceError with effect `stop` and reaches the request as its error.
 */
export function guardedAgents(guard: AddressGuard, options: AgentOptions): GuardedAgents {
  return { http: new GuardedHttpAgent(guard, options), https: new GuardedHttpsAgent(guard, options) };
}

class GuardedHttpAgent extends HttpAgent {
  readonly #guard: AddressGuard;

  constructor(guard: AddressGuard, options: AgentOptions) {
    super(options);
    this.#guard = guard;
  }

  override createConnection(options: ClientRequestArgs, callback?: OnSocket): Duplex | null | undefined {
    const refusal = refusalOfLiteral(options.host, this.#guard);
    if (refusal !== null) return refuse(refusal, callback);
    return super.createConnection({ ...options, lookup: guardedLookup(this.#guard) }, callback);
  }
}

class GuardedHttpsAgent extends HttpsAgent {
  readonly #guard: AddressGuard;

  constructor(guard: AddressGuard, options: AgentOptions) {
    super(options);
    this.#guard = guard;
  }

  override createConnection(options: RequestOptions, callback?: OnSocket): Duplex | null | undefined {
    const refusal = refusalOfLiteral(options.host, this.#guard);
    if (refusal !== null) return refuse(refusal, callback);
    return super.createConnection({ ...options, lookup: guardedLookup(this.#guard) }, callback);
  }
}

/** Node's agent takes the error without a socket; thrown instead, it would escape when a queued request is started. */
function refuse(refusal: SluiceError, callback: OnSocket | undefined): undefined {
  if (callback === undefined) throw refusal;
  Reflect.apply(callback, undefined, [refusal]);
}
