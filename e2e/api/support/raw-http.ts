import { connect } from "node:net";
import { gunzipSync } from "node:zlib";

export type RawAnswer = { statusLine: string; headers: Map<string, string>; body: string };

const ANSWER_MS = 30_000;

/** Sends bytes as they are over a socket of its own and reads the answer to its end. */
export function sendRaw(port: number, request: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const pieces: Buffer[] = [];
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error("The server did not answer.")));
    socket.on("data", (piece) => pieces.push(piece));
    socket.on("error", reject);
    socket.on("end", () => resolve(parseAnswer(Buffer.concat(pieces))));
    socket.write(request);
  });
}

/** A request of these lines; the connection ends with it. The length is counted for a body. */
export function rawRequest(args: { line: string; headers: Record<string, string>; body?: string }): string {
  const { line, headers, body } = args;
  const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ ...headers, ...length, Connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `${[`${line} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n${body ?? ""}`;
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const at = bytes.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = bytes.subarray(0, at).toString("latin1").split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const sent = bytes.subarray(at + 4);
  const whole = headers.get("transfer-encoding") === "chunked" ? joinChunks(sent) : sent;
  const plain = headers.get("content-encoding") === "gzip" ? gunzipSync(whole) : whole;
  return { statusLine, headers, body: plain.toString("utf8") };
}

/** RFC 9112, 7.1: a size in hexadecimal, the bytes, until a size of zero. */
function joinChunks(sent: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let at = 0;
  while (at < sent.length) {
    const lineEnd = sent.indexOf("\r\n", at);
    const size = Number.parseInt(sent.subarray(at, lineEnd).toString("latin1"), 16);
    if (!(size > 0)) break;
    chunks.push(sent.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(chunks);
}
