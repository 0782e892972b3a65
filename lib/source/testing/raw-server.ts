import { createServer, type Socket } from "node:net";

export type RawServer = {
  /** `http://127.0.0.1` with its port. */
  origin: string;
  /** The connections that are open at present. */
  sockets: Set<Socket>;
  /** How many there have been. */
  opened(): number;
  close(): Promise<void>;
};

export const HEAD_END = "\r\n\r\n";

/** A server on the loopback that answers nothing by itself: `onRequest` gets the head of each request with its socket. */
export async function startRawServer(onRequest: (socket: Socket, head: string) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let opened = 0;
  const server = createServer((socket) => {
    opened++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let unread = "";
    socket.on("data", (piece) => {
      unread += piece.toString("latin1");
      for (let end = unread.indexOf(HEAD_END); end !== -1; end = unread.indexOf(HEAD_END)) {
        const head = unread.slice(0, end);
        unread = unread.slice(end + HEAD_END.length);
        onRequest(socket, head);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    sockets,
    opened: () => opened,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
