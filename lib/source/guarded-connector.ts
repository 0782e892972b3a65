import { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { buildConnector } from "undici";
import { type AddressGuard, guardedLookup, refusalOfLiteral } from "./address-guard";

/** Opens a socket, with TLS where the origin wants it. Gives the socket that is not connected yet; null after a refusal. */
export type Connect = (
  options: buildConnector.Options,
  onConnected: buildConnector.Callback,
) => Socket | null;

/**
 * What `guarded-agent.ts` is to Node's agents, for undici: every address is judged at the moment it is connected to.
 * A refusal is a SluiceError with effect `stop` and reaches the request as its error.
 *
 * `connectMs` is for name, TCP and TLS together, to the second or so. HTTP/1.1 is all that is offered.
 */
export function guardedConnector(
  guard: AddressGuard,
  { connectMs, secureContext }: { connectMs: number; secureContext: SecureContext | undefined },
): Connect {
  const connect = buildConnector({
    timeout: connectMs,
    secureContext,
    lookup: guardedLookup(guard),
    allowH2: false,
  });
  return (options, onConnected) => {
    const refusal = refusalOfLiteral(options.hostname, guard);
    if (refusal !== null) {
      onConnected(refusal, null);
      return null;
    }
    // The connector gives the socket back, which its type does not tell.
    const socket: unknown = connect(options, onConnected);
    return socket instanceof Socket ? socket : null;
  };
}
