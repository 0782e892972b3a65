import type { Socket } from "node:net";
import { onTestFinished, type TestContext } from "vitest";
import { ConnectionPool } from "../connection-pool";
import { type Connect, guardedConnector } from "../guarded-connector";
import { DEFAULT_TIMEOUTS, type S3Timeouts } from "../s3-timeouts";
import { type RawServer, startRawServer } from "./raw-server";

export type RawStore = Pick<RawServer, "sockets" | "opened"> & {
  pool: ConnectionPool;
  /** How many requests have come. */
  asked(): number;
};

/**
 * A store on the loopback that does with a socket what a test wants once a request has come, and a pool to it. Both
 * are closed when the test has ended; one that runs beside others hands in its own `onTestFinished`.
 */
export async function storeThat(
  answer: (socket: Socket, number: number) => void,
  options: {
    timeouts?: Partial<S3Timeouts>;
    wrap?: (connect: Connect) => Connect;
    onTestFinished?: TestContext["onTestFinished"];
  } = {},
): Promise<RawStore> {
  let asked = 0;
  const server = await startRawServer((socket) => answer(socket, ++asked));
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const guard = { allow: null, resolve: async () => [{ address: "127.0.0.1", family: 4 }] };
  const connect = guardedConnector(guard, { connectMs: timeouts.connectMs, secureContext: undefined });
  const pool = new ConnectionPool(server.origin, { connect: options.wrap?.(connect) ?? connect, timeouts });
  const whenFinished = options.onTestFinished ?? onTestFinished;
  whenFinished(() => {
    pool.close();
    return server.close();
  });
  return { pool, sockets: server.sockets, opened: server.opened, asked: () => asked };
}
