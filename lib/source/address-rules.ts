import ipaddr from "ipaddr.js";
import { invalidInput } from "@/lib/core/errors";

/** What `SLUICE_ALLOW_ENDPOINTS` says, parsed. Null stands for an unset variable. */
export type AllowList = { hosts: readonly string[]; networks: readonly Network[] };

export type AddressVerdict = "allowed" | "forbidden" | "unlisted";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [Address, number];

const FORBIDDEN_RANGES: ReadonlySet<string> = new Set(["linkLocal", "unspecified", "multicast", "broadcast"]);

/** Where clouds answer with credentials or machine settings outside the link-local ranges. */
const METADATA_NETWORKS: readonly Network[] = [
  "fd00:ec2::/32", // AWS: instance metadata, pod identity
  "fd20:ce::254/128", // Google Cloud
  "100.100.100.200/32", // Alibaba Cloud
  "168.63.129.16/32", // Azure
  "192.0.0.192/32", // Oracle Cloud
].map((text) => ipaddr.parseCIDR(text));

/**
 * Reads a comma-separated list of host names and networks: `minio.internal, 10.0.0.0/8, ::1`.
 * A name covers itself and every name below it (a bucket may stand in front of it); a bare address is itself.
 * Empty or unset is null; an entry that is neither is refused, since a typing error must not open a door.
 */
export function parseAllowList(text: string | null): AllowList | null {
  const entries = (text ?? "")
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  if (entries.length === 0) return null;
  const hosts: string[] = [];
  const networks: Network[] = [];
  for (const entry of entries) {
    const network = parseNetwork(entry);
    if (network === null) hosts.push(parseName(entry));
    else networks.push(network);
  }
  return { hosts, networks };
}

/**
 * May Sluice connect to `address`, reached under the name `host` (the same text where no name was given)?
 *
 *   address                                    no list   host listed   address in a listed network   neither
 *   link-local, metadata, unspecified,
 *   multicast, broadcast, not an address       forbidden in every case
 *   any other, loopback and private included   allowed   allowed       allowed                       unlisted
 *
 * An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, …) is judged as both.
 */
export function judgeAddress(address: string, host: string, allow: AllowList | null): AddressVerdict {
  if (!ipaddr.isValid(address)) return "forbidden";
  const outer = ipaddr.parse(address);
  const inner = embeddedIpv4(outer);
  if (isForbidden(outer) || (inner !== null && isForbidden(inner))) return "forbidden";
  if (allow === null) return "allowed";
  const isListed =
    isHostListed(host, allow) || allow.networks.some((network) => contains(network, inner ?? outer));
  return isListed ? "allowed" : "unlisted";
}

function isHostListed(host: string, allow: AllowList): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return allow.hosts.some((listed) => name === listed || name.endsWith(`.${listed}`));
}

function isForbidden(address: Address): boolean {
  return (
    FORBIDDEN_RANGES.has(address.range()) || METADATA_NETWORKS.some((network) => contains(network, address))
  );
}

function contains([network, bits]: Network, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

function embeddedIpv4(address: Address): Address | null {
  if (address.kind() === "ipv4") return null;
  const bytes = address.toByteArray();
  const range: string = address.range();
  if (range === "6to4") return ipaddr.fromByteArray(bytes.slice(2, 6));
  if (range === "teredo") return ipaddr.fromByteArray(bytes.slice(12).map((byte) => byte ^ 0xff));
  if (range === "loopback" || range === "unspecified") return null;
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0);
  const isTranslated = range === "ipv4Mapped" || range === "rfc6145" || range === "rfc6052";
  return isCompatible || isTranslated ? ipaddr.fromByteArray(bytes.slice(12)) : null;
}

function parseNetwork(entry: string): Network | null {
  const text = entry.replace(/^\[(.*)\]$/, "$1");
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return null;
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function parseName(entry: string): string {
  const name = entry.replace(/^\*\./, "").replace(/\.$/, "");
  const isName = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name);
  if (isName && /[a-z]/.test(name)) return name;
  throw invalidInput(
    "SLUICE_ALLOW_ENDPOINTS",
    `"${entry}" is neither a host name nor a network; write them without scheme, port or path, as in "minio.internal, 10.0.0.0/8".`,
  );
}
