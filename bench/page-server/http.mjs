import net from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n", "latin1");
const HEAD_BYTES_MAX = 64 * 1024;
const REASONS = {
  200: "OK",
  304: "Not Modified",
  400: "Bad Request",
  404: "Not Found",
  412: "Precondition Failed",
  500: "Internal Server Error",
  501: "Not Implemented",
};
/** A client that takes its answers slower than it asks for them is not read meanwhile. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

const ONE_PIECE_BYTES_MAX = 16 * 1024;

/**
 * HTTP/1.1 with keep-alive straight on sockets: Node's own server spends more on a small answer than a fast client
 * does, and would be what a benchmark measures. `onRequest({ method, target, headers })` answers at once with
 * `{ status, headers, body }`, which is sent at once, or after `delayMs` where that is there, too. Bodies of requests are
 * passed over.
 */
export function createHttpServer(onRequest) {
  return net.createServer({ noDelay: true }, (socket) => {
    let unread = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("drain", () => socket.resume());
    socket.on("data", (piece) => {
      unread = unread.length === 0 ? piece : Buffer.concat([unread, piece]);
      unread = answerWhole(unread, socket, onRequest);
      if (socket.writableLength > UNSENT_BYTES_MAX) socket.pause();
    });
  });
}

/** Answers the requests that have arrived whole, and returns what is left of the next one. */
function answerWhole(bytes, socket, onRequest) {
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(HEAD_END, at);
    if (end === -1) break;
    const request = parseHead(bytes.latin1Slice(at, end));
    const next = end + HEAD_END.length + Number(request.headers.get("content-length") ?? 0);
    if (next > bytes.length) break;
    respond(socket, request, onRequest);
    at = next;
  }
  if (bytes.length - at > HEAD_BYTES_MAX) socket.destroy();
  return bytes.subarray(at);
}

function parseHead(text) {
  const [first, ...lines] = text.split("\r\n");
  const [method, target] = first.split(" ");
  const headers = new Map();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method, target, headers };
}

function respond(socket, request, onRequest) {
  const { status, headers, body, delayMs = 0 } = answerSafely(request, onRequest);
  const isLast = request.headers.get("connection")?.toLowerCase() === "close";
  const bodyLength = body.reduce((sum, piece) => sum + piece.length, 0);
  let head = `HTTP/1.1 ${status} ${REASONS[status]}\r\ndate: ${dateNow()}\r\nserver: bench\r\nx-amz-request-id: 0\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  if (headers["content-length"] === undefined) head += `content-length: ${bodyLength}\r\n`;
  if (isLast) head += "connection: close\r\n";
  const reply = () => {
    send(socket, `${head}\r\n`, request.method === "HEAD" ? [] : body);
    if (isLast) socket.end();
  };
  if (delayMs > 0) setTimeout(reply, delayMs);
  else reply();
}

/** A small answer is one piece, since each piece costs more than its bytes; a large body is not copied. */
function send(socket, head, body) {
  const bodyLength = body.reduce((sum, piece) => sum + piece.length, 0);
  if (bodyLength <= ONE_PIECE_BYTES_MAX) {
    const whole = Buffer.allocUnsafe(head.length + bodyLength);
    let at = whole.latin1Write(head, 0);
    for (const piece of body) at += piece.copy(whole, at);
    socket.write(whole);
    return;
  }
  socket.cork();
  socket.write(head, "latin1");
  for (const piece of body) if (piece.length > 0) socket.write(piece);
  socket.uncork();
}

function answerSafely(request, onRequest) {
  try {
    return onRequest(request);
  } catch (thrown) {
    return { status: 500, headers: {}, body: [Buffer.from(String(thrown), "utf8")] };
  }
}

let dateText = "";
let dateSecond = 0;

function dateNow() {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1_000).toUTCString();
  }
  return dateText;
}
