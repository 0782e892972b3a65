import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { SluiceError } from "@/lib/core/errors";
import { type AllowList, judgeAddress } from "./address-rules";

export type ResolvedAddress = { address: string; family: number };
/** All addresses of a name. Tests hand in one that changes its mind. */
export type ResolveHost = (host: string, family: number) => Promise<ResolvedAddress[]>;

/** What judges every address at the moment it is connected to, so a name that resolves differently gains nothing. */
export type AddressGuard = { allow: AllowList | null; resolve: ResolveHost };

export const resolveWithSystem: ResolveHost = (host, family) => systemLookup(host, { all: true, family });

/** The refusal of a host that is an address itself, of which no lookup hears. Brackets around it do not matter. */
export function refusalOfLiteral(host: string | null | undefined, guard: AddressGuard): SluiceError | null {
  const literal = (host ?? "").replace(/^\[(.*)\]$/, "$1");
  return isIP(literal) === 0 ? null : refusalOf(literal, literal, guard.allow);
}

/** Resolves a name for a socket. One refused address among many is enough to refuse the name. */
export function guardedLookup(guard: AddressGuard): LookupFunction {
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

/** The refusal of an address under a name, or null when Sluice may connect to it. */
function refusalOf(address: string, host: string, allow: AllowList | null): SluiceError | null {
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

function notFoundError(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${host}`), { code: "ENOTFOUND" });
}
