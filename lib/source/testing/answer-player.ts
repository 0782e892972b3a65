import type { Socket } from "node:net";
import type { SourceSettings } from "../source";
import { settingsAt } from "./local-store";
import { HEAD_END, startRawServer } from "./raw-server";

/** What a store once sent, byte for byte. */
export type Recording = {
  head: string;
  body: Buffer;
  /** What the store does when it has sent it. */
  afterwards: "keeps" | "closes" | "breaks";
};

type Headers = Record<string, string | number>;

export type AnswerPlayer = {
  settings: SourceSettings;
  /** The heads of the requests, in the order in which they came. */
  requests: string[];
  close(): Promise<void>;
};

/** An answer with its right Content-Length, unless the headers have another or say that it is chunked. */
export function recorded(
  status: number,
  headers: Headers,
  body: string | Buffer = "",
  afterwards: Recording["afterwards"] = "keeps",
): Recording {
  const bytes = Buffer.from(body);
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const isSized =
    names.includes("content-length") || names.includes("transfer-encoding") || afterwards !== "keeps";
  const sized = isSized ? headers : { ...headers, "Content-Length": bytes.length };
  const lines = Object.entries(sized).map(([name, value]) => `${name}: ${value}`);
  return { head: [`HTTP/1.1 ${status} Recorded`, ...lines].join("\r\n"), body: bytes, afterwards };
}

/** A body as `Transfer-Encoding: chunked` wants it, in pieces of this size. */
export function chunked(body: string, pieceBytes: number): Buffer {
  const bytes = Buffer.from(body);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
  }
  return Buffer.concat([...pieces, Buffer.from(`0${HEAD_END}`)]);
}

/** A store on the loopback that answers each request with the next recording, the last one again and again. */
export async function playAnswers(recordings: readonly Recording[]): Promise<AnswerPlayer> {
  const requests: string[] = [];
  const server = await startRawServer((socket, head) => {
    const recording = recordings[Math.min(requests.length, recordings.length - 1)];
    requests.push(head);
    if (recording !== undefined) play(socket, recording);
  });
  return { settings: settingsAt(server.origin), requests, close: server.close };
}

function play(socket: Socket, { head, body, afterwards }: Recording): void {
  socket.write(Buffer.concat([Buffer.from(`${head}${HEAD_END}`, "latin1"), body]), () => {
    if (afterwards === "closes") socket.end();
    if (afterwards === "breaks") socket.resetAndDestroy();
  });
}
