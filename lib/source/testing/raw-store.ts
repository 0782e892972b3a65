import { createServer, type Socket } from "node:net";
import { ConnectionPool } from "../connection-pool";
import { type Connect, guardedConnector } from "../guarded-connector";
import type { S3Timeouts } from "../s3-timeouts";

export type RawStore = {
  pool: ConnectionPool;
  /** The connections that are open at present. */
  sockets: Set<Socket>;
  /** How many there have been. */
  opened(): number;
  /** How many requests have come. */
  asked(): number;
  close(): Promise<void>;
};

const TIMEOUTS: S3Timeouts = { connectMs: 5_000, requestMs: 60_000, idleMs: 60_000, callMs: 60_000 };

/** A store on the loopback that does with a socket what a test wants once a request has come, and a pool to it. */
export async function startRawStore(
  onRequest: (socket: Socket, number: number) => void,
  options: { timeouts?: Partial<S3Timeouts>; wrap?: (connect: Connect) => Connect } = {},
): Promise<RawStore> {
  const sockets = new Set<Socket>();
  let opened = 0;
  let asked = 0;
  const server = createServer((socket) => {
    opened++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let unread = "";
    socket.on("data", (piece) => {
      unread += piece.toString("latin1");
      for (let end = unread.indexOf("\r\n\r\n"); end !== -1; end = unread.indexOf("\r\n\r\n")) {
        unread = unread.slice(end + 4);
        onRequest(socket, ++asked);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the store has no port");
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const guard = { allow: null, resolve: async () => [{ address: "127.0.0.1", family: 4 }] };
  const connect = guardedConnector(guard, { connectMs: timeouts.connectMs, secureContext: undefined });
  const pool = new ConnectionPool(`http://127.0.0.1:${address.port}`, {
    connect: options.wrap?.(connect) ?? connect,
    timeouts,
  });
  return {
    pool,
    sockets,
    opened: () => opened,
    asked: () => asked,
    close: async () => {
      pool.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
