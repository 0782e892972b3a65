import { getEventListeners } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { exchange, StaleConnection } from "./s3-exchange";
import { type RawStore, storeThat } from "./testing/raw-store";

const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

function get(store: RawStore, { signal, bytesMax = 100 }: { signal?: AbortSignal; bytesMax?: number } = {}) {
  const request = { path: "/docs/a", headers: { host: "store" }, bytesMaxOf: () => bytesMax };
  return exchange(store.pool, request, signal ?? new AbortController().signal);
}

const hello = (socket: Socket) => void socket.write(HELLO);

describe("an answer", () => {
  test("comes with its head and its whole body, and leaves its connection to the next", async () => {
    const store = await storeThat(hello);
    for (let round = 0; round < 3; round++) {
      const { status, headers, body } = await get(store);
      expect(status).toBe(200);
      expect(headers).toEqual({ "content-length": "5" });
      expect(body).toEqual({ bytes: Buffer.from("hello"), ending: "whole", cause: null });
    }
    expect(store.opened()).toBe(1);
  });

  test("in pieces is put together; what comes before it is passed over", async () => {
    const pieces = ["HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", HELLO.slice(0, 30), HELLO.slice(30)];
    const store = await storeThat((socket) => {
      for (const [at, piece] of pieces.entries()) setTimeout(() => socket.write(piece), at * 20);
    });
    const judged: number[] = [];
    const bytesMaxOf = ({ status }: { status: number }) => {
      judged.push(status);
      return 100;
    };
    const request = { path: "/", headers: {}, bytesMaxOf };
    const { body } = await exchange(store.pool, request, new AbortController().signal);
    expect(body?.bytes.toString()).toBe("hello");
    expect(judged).toEqual([200]);
  });

  test("whose body is not wanted is cut off, and its connection is not used again", async () => {
    const store = await storeThat((socket) => void socket.write(HELLO.slice(0, -1)));
    const request = { path: "/", headers: {}, bytesMaxOf: () => null };
    const answer = await exchange(store.pool, request, new AbortController().signal);
    expect(answer).toMatchObject({ status: 200, body: null });
    await expect.poll(() => store.sockets.size).toBe(0);
  });

  test.each([
    ["announced longer than wanted, before any of it came", "Content-Length: 6\r\n\r\n", ""],
    ["longer than wanted, unannounced", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n", "abc"],
  ])("%s, is cut off at once, and its connection is not used again", async (_what, rest, kept) => {
    const store = await storeThat((socket) => void socket.write(`HTTP/1.1 200 OK\r\n${rest}`));
    const { body } = await get(store, { bytesMax: 5 });
    expect(body).toMatchObject({ ending: "too_large", bytes: Buffer.from(kept) });
    await expect.poll(() => store.sockets.size).toBe(0);
  });

  test.each<[string, string, (socket: Socket) => void]>([
    ["fewer bytes than announced", "Content-Length: 9\r\n\r\nhello", (socket) => socket.end()],
    ["fewer bytes than announced, and a reset", "Content-Length: 9\r\n\r\nhello", (s) => s.resetAndDestroy()],
    ["no length, and a reset", "Connection: close\r\n\r\nhello", (socket) => socket.resetAndDestroy()],
    ["chunks without the last", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", (s) => s.end()],
    ["chunks that are none", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", () => {}],
  ])("that is cut is told apart from a whole one: %s", async (_what, rest, end) => {
    const store = await storeThat((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${rest}`, () => setTimeout(() => end(socket), 20));
    });
    expect((await get(store)).body).toMatchObject({ ending: "cut", bytes: Buffer.from("hello") });
  });
});

describe("no answer has Node's code", () => {
  test.each<[string, string, (socket: Socket) => void]>([
    ["what is closed unanswered", "ECONNRESET", (socket) => socket.end()],
    ["what is reset unanswered", "ECONNRESET", (socket) => socket.resetAndDestroy()],
    ["a head that breaks off", "ECONNRESET", (socket) => socket.end("HTTP/1.1 200 O")],
    ["what is no HTTP", "HPE_INVALID", (socket) => socket.end("SSH-2.0-OpenSSH\r\n")],
    [
      "a head without end",
      "HPE_HEADER_OVERFLOW",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nA: ${"x".repeat(70_000)}\r\n\r\n`),
    ],
  ])("%s: %s", async (_what, code, answer) => {
    const store = await storeThat(answer);
    await expect(get(store)).rejects.toMatchObject({ code });
    expect(store.asked()).toBe(1);
  });
});

describe.concurrent("what keeps its reader waiting for too long is given up", () => {
  test("a stalled answer: with what has come, and its connection", async ({ expect, onTestFinished }) => {
    const store = await storeThat((socket) => void socket.write(HELLO.slice(0, -1)), {
      timeouts: { idleMs: 50 },
      onTestFinished,
    });
    expect((await get(store)).body).toMatchObject({ ending: "stalled", bytes: Buffer.from("hell") });
    await expect.poll(() => store.sockets.size).toBe(0);
  });

  test("silence: ETIMEDOUT", async ({ expect, onTestFinished }) => {
    const store = await storeThat(() => {}, { timeouts: { requestMs: 50 }, onTestFinished });
    await expect(get(store)).rejects.toMatchObject({ code: "ETIMEDOUT" });
    await expect.poll(() => store.sockets.size).toBe(0);
  });

  test("no connection in time: ETIMEDOUT", async ({ expect, onTestFinished }) => {
    const store = await storeThat(hello, {
      timeouts: { connectMs: 50 },
      wrap: (connect) => (options, callback) => connect({ ...options, protocol: "https:" }, callback),
      onTestFinished,
    });
    await expect(get(store)).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });
});

describe("a connection that was kept", () => {
  test("and is closed when the next request comes, is told apart, and asked on once only", async () => {
    for (const end of [(s: Socket) => void s.end(), (s: Socket) => void s.resetAndDestroy()]) {
      const store = await storeThat((socket, number) => (number === 1 ? hello(socket) : end(socket)));
      await get(store);
      await expect(get(store)).rejects.toBeInstanceOf(StaleConnection);
      expect(store.asked()).toBe(2);
    }
  });

  test("and breaks once something has come, is not", async () => {
    const store = await storeThat((socket, number) =>
      number === 1 ? hello(socket) : void socket.end("HTTP/1.1 "),
    );
    await get(store);
    const error = await get(store).catch((thrown) => thrown);
    expect(error).not.toBeInstanceOf(StaleConnection);
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });

  test("and was closed long before, is opened anew without a word", async () => {
    const store = await storeThat((socket) => void socket.write(HELLO, () => socket.end()));
    await get(store);
    await expect.poll(() => store.sockets.size).toBe(0);
    expect((await get(store)).body?.ending).toBe("whole");
  });
});

describe("an aborted signal ends its request at once", () => {
  const listenersOn = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

  async function expectGone(store: RawStore, controller: AbortController, work: Promise<unknown>) {
    const ended = expect(work).rejects.toBe("stop");
    controller.abort("stop");
    await ended;
    expect(listenersOn(controller.signal)).toBe(0);
    await expect.poll(() => store.sockets.size).toBe(0);
  }

  test("before it is sent", async () => {
    const store = await storeThat(hello);
    await expect(get(store, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
    expect(store.opened()).toBe(0);
  });

  test("while it is connecting, with the socket", async () => {
    const sockets: Socket[] = [];
    const controller = new AbortController();
    const store = await storeThat(hello, {
      // What speaks no TLS never shakes hands.
      wrap: (connect) => (options, callback) => {
        const socket = connect({ ...options, protocol: "https:" }, callback);
        if (socket !== null) sockets.push(socket);
        return socket;
      },
    });
    const work = get(store, { signal: controller.signal });
    await expect.poll(() => store.sockets.size).toBe(1);
    await expectGone(store, controller, work);
    expect(sockets.map((socket) => socket.destroyed)).toEqual([true]);
  });

  test("while it waits for an answer", async () => {
    const controller = new AbortController();
    const store = await storeThat(() => {});
    const work = get(store, { signal: controller.signal });
    await expect.poll(() => store.asked()).toBe(1);
    await expectGone(store, controller, work);
  });

  test("in the middle of a body", async () => {
    const controller = new AbortController();
    const store = await storeThat((socket) => void socket.write(HELLO.slice(0, -1)));
    const work = get(store, { signal: controller.signal });
    await expect.poll(() => store.asked()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await expectGone(store, controller, work);
  });

  test("and no other, nor the next", async () => {
    const controller = new AbortController();
    const store = await storeThat((socket, number) => void (number > 1 && setTimeout(hello, 30, socket)));
    const work = expect(get(store, { signal: controller.signal })).rejects.toBe("stop");
    await expect.poll(() => store.asked()).toBe(1);
    const other = get(store);
    controller.abort("stop");
    await work;
    expect((await other).body?.ending).toBe("whole");
    expect((await get(store)).body?.ending).toBe("whole");
  });

  test("an answer that has come leaves no listener", async () => {
    const { signal } = new AbortController();
    const store = await storeThat(hello);
    await Promise.all([get(store, { signal }), get(store, { signal })]);
    expect(listenersOn(signal)).toBe(0);
  });
});
