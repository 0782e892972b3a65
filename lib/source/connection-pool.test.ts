import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { S3_SOCKETS_MAX } from "@/lib/core/limits";
import { exchange } from "./s3-exchange";
import { type RawStore, storeThat } from "./testing/raw-store";

const EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const { signal } = new AbortController();

function get({ pool }: RawStore, path = "/", stop = signal) {
  return exchange(pool, { path, headers: {}, bytesMaxOf: () => 100 }, stop);
}

const answer = (socket: Socket) => void setTimeout(() => socket.write(EMPTY), 10);

test("there are as many connections as there are requests at once, up to the bound", async () => {
  const store = await storeThat(answer);
  await Promise.all(Array.from({ length: 3 }, () => get(store)));
  expect(store.opened()).toBe(3);
  await Promise.all(Array.from({ length: 5 * S3_SOCKETS_MAX }, () => get(store)));
  expect(store.opened()).toBe(S3_SOCKETS_MAX);
});

test("the bound holds where connections fail or are given up", async () => {
  let most = 0;
  let tries = 0;
  const store = await storeThat(
    (socket, number) => {
      most = Math.max(most, store.sockets.size);
      if (number % 3 === 0) socket.destroy();
      else answer(socket);
    },
    {
      wrap: (connect) => (options, callback) => {
        if (tries++ % 4 !== 0) return connect(options, callback);
        setTimeout(() => callback(new Error("no"), null), 5);
        return null;
      },
    },
  );
  const work = Array.from({ length: 4 * S3_SOCKETS_MAX }, () => get(store));
  const endings = await Promise.allSettled(work);
  expect(endings.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(S3_SOCKETS_MAX);
  expect(most).toBeLessThanOrEqual(S3_SOCKETS_MAX);
  store.pool.close();
  await expect.poll(() => store.sockets.size).toBe(0);
});

test("one connection carries one request at a time", async () => {
  const underWay = new Map<Socket, number>();
  let most = 0;
  const store = await storeThat((socket) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    most = Math.max(most, underWay.get(socket) ?? 0);
    setTimeout(() => {
      underWay.set(socket, (underWay.get(socket) ?? 0) - 1);
      socket.write(EMPTY);
    }, 2);
  });
  await Promise.all(Array.from({ length: 3 * S3_SOCKETS_MAX }, () => get(store)));
  expect(most).toBe(1);
});

test("who waits for a connection and is aborted is forgotten, and its request never sent", async () => {
  const store = await storeThat((socket) => void setTimeout(() => socket.write(EMPTY), 50));
  const working = Array.from({ length: S3_SOCKETS_MAX }, () => get(store));
  const controller = new AbortController();
  const waiting = expect(get(store, "/waiting", controller.signal)).rejects.toBe("stop");
  const next = get(store);
  controller.abort("stop");
  await waiting;
  await Promise.all([...working, next]);
  expect(store.asked()).toBe(S3_SOCKETS_MAX + 1);
});

test("closing ends what is under way and what waits, and nothing is sent any more", async () => {
  const store = await storeThat(() => {});
  const work = Promise.allSettled(Array.from({ length: S3_SOCKETS_MAX + 5 }, () => get(store)));
  await expect.poll(() => store.asked()).toBe(S3_SOCKETS_MAX);
  store.pool.close();
  for (const ending of await work)
    expect(ending).toMatchObject({ status: "rejected", reason: { code: "ECONNRESET" } });
  await expect(get(store)).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect.poll(() => store.sockets.size).toBe(0);
  expect(store.asked()).toBe(S3_SOCKETS_MAX);
});
