import { lookup as systemLookup } from "node:dns/promises";
import { type ClientRequestArgs, Agent as HttpAgent } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, type RequestOptions } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Duplex } from "node:stream";
import { SluiceError } from "@/lib/core/errors";
import { type AllowList, judgeAddress } from "./address-rules";

export type ResolvedAddress = { address: string; family: number };
/** All addresses of a name. Tests hand in one that changes its mind. */
export type ResolveHost = (host: string, family: number) => Promise<ResolvedAddress[]>;

export type AddressGuard = { allow: AllowList | null; resolve: ResolveHost };

export type GuardedAgents = { http: HttpAgent; https: HttpsAgent };

type OnSocket = (error: Error | null, socket: Duplex) => void;

export const resolveWithSystem: ResolveHost = (host, family) => systemLookup(host, { all: true, family });

/**
 * Agents that judge every address at the moment they connect to it, so a name that resolves differently the
 * second time gains nothing. Node calls an agent's `lookup` for names only; literal addresses are judged before.
 * A refusal is a SluiceError with effect `stop` and reaches the request as its error.
 */
export function guardedAgents(guard: AddressGuard, options: AgentOptions): GuardedAgents {
  return { http: new GuardedHttpAgent(guard, options), https: new GuardedHttpsAgent(guard, options) };
}

/** The refusal of an address under a name, or null when Sluice may connect to it. */
export function refusalOf(address: string, host: string, allow: AllowList | null): SluiceError | null {
  const verdict = judgeAddress(address, host, allow);
  if (verdict === "allowed") return null;
  const why =
    verdict === "forbidden"
      ? "leads to a link-local, metadata, unspecified or multicast address, which Sluice never connects to."
      : "is not among the hosts and networks of SLUICE_ALLOW_ENDPOINTS; add it there to allow it.";
  return new SluiceError({
    code: "source_unreachable",
    effect: "stop",
    message: `The host "${host}" ${why}`,
    details: `metadata.endpoint: the host "${host}" ${why}`,
  });
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

function refusalOfLiteral(host: string | null | undefined, guard: AddressGuard): SluiceError | null {
  const literal = (host ?? "").replace(/^\[(.*)\]$/, "$1");
  return isIP(literal) === 0 ? null : refusalOf(literal, literal, guard.allow);
}

/** Node's agent takes the error without a socket; thrown instead, it would escape when a queued request is started. */
function refuse(refusal: SluiceError, callback: OnSocket | undefined): undefined {
  if (callback === undefined) throw refusal;
  Reflect.apply(callback, undefined, [refusal]);
}

function guardedLookup(guard: AddressGuard): LookupFunction {
  return (host, options, callback) => {
    const family =
      options.family === 4 || options.family === "IPv4"
        ? 4
        : options.family === 6 || options.family === "IPv6"
          ? 6
          : 0;
    guard.resolve(host, family).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) return callback(notFoundError(host), "");
        for (const { address } of addresses) {
          const refusal = refusalOf(address, host, guard.allow);
          if (refusal !== null) return callback(refusal, "");
        }
        return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
      },
      (error) => callback(error, ""),
    );
  };
}

function notFoundError(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${host}`), { code: "ENOTFOUND" });
}
