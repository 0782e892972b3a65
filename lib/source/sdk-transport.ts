import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { GuardedAgents } from "./guarded-agent";
import type { S3Timeouts } from "./s3-timeouts";

/** The SDK warns and debugs on the console where it is not given another place. */
export const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** How the SDK sends: over our agents, within our time-outs. */
export function sdkTransport(agents: GuardedAgents, timeouts: S3Timeouts): NodeHttpHandler {
  return new NodeHttpHandler({
    httpAgent: agents.http,
    httpsAgent: agents.https,
    connectionTimeout: timeouts.connectMs,
    requestTimeout: timeouts.requestMs,
    // Without this a request that takes too long is only warned about.
    throwOnRequestTimeout: true,
    socketTimeout: timeouts.idleMs,
    logger: silent,
  });
}
