import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** An answer on its way to Sluice, with what shall go wrong on the way. */
export type Answer = {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
  /** What Content-Length says; without it the truth. Null leaves it out, so that the body comes in chunks. */
  announcedBytes?: number | null;
  /** So much of the body is sent before the connection is reset or closed. */
  brokenOff?: { afterBytes: number; by: "reset" | "close" };
  /** Nothing is sent for so long after the first half of the body. */
  pauseMs?: number;
};

export async function deliver(response: ServerResponse, answer: Answer): Promise<void> {
  const { status, body, brokenOff, pauseMs = 0, announcedBytes = body.length } = answer;
  const headers = { ...answer.headers };
  for (const name of ["connection", "keep-alive", "transfer-encoding", "content-length"])
    delete headers[name];
  if (announcedBytes !== null) headers["content-length"] = announcedBytes;
  response.writeHead(status, headers);
  if (brokenOff !== undefined) {
    await written(response, body.subarray(0, brokenOff.afterBytes));
    if (brokenOff.by === "reset") response.socket?.resetAndDestroy();
    else response.socket?.end();
    return;
  }
  if (pauseMs > 0) {
    const half = Math.floor(body.length / 2);
    await written(response, body.subarray(0, half));
    await sleep(pauseMs, undefined, { ref: false });
    response.end(body.subarray(half));
    return;
  }
  response.end(body);
}

/** Resolves once the bytes are on their way, the head before them. */
function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  response.flushHeaders();
  return new Promise((resolve) => {
    if (bytes.length === 0) response.socket?.write("", () => resolve());
    else response.write(bytes, () => resolve());
  });
}
