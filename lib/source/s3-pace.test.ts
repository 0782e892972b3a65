import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openS3Source } from "./s3-source";
import type { RequestPace } from "./source";
import { recorded } from "./testing/answer-player";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, readListed, startLocalStore } from "./testing/local-store";
import { withAnswersOn } from "./testing/with-answers";

const page = recorded(200, {}, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
const failing = recorded(500, {}, "<Error><Code>InternalError</Code></Error>");
const denied = recorded(403, {}, "<Error><Code>AccessDenied</Code></Error>");
const broken = recorded(200, { "Content-Length": 100 }, "<ListBucketResult>", "closes");

/** Writes down what it is told, and lets everything pass. */
function notingPace(): RequestPace & { notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    admit: async (kind) => void notes.push(`${kind}?`),
    settle: (kind, outcome, retryAfterMs, attempt) =>
      void notes.push(`${kind} ${attempt} ${outcome}${retryAfterMs === null ? "" : ` ${retryAfterMs} ms`}`),
    receive: (bytes) => void notes.push(`${bytes} bytes`),
  };
}

describe.each(BOTH_PATHS)("on %s, the pace", (_path, lean) => {
  const withAnswers = withAnswersOn(lean);

  test("is asked before each request and told once what became of it", async () => {
    const pace = notingPace();
    const answers = [recorded(429, { "Retry-After": "0" }), failing, broken, page];
    await withAnswers(answers, listFirst, { pace });
    expect(pace.notes).toEqual([
      "list?",
      "list 1 throttled 0 ms",
      "list?",
      "list 2 broken",
      "list?",
      "list 3 broken",
      "list?",
      "list 4 answered",
    ]);
  });

  test("hears of refusals as answers, of reads as reads, and of what the store asks for", async () => {
    const pace = notingPace();
    const options = { pace, attemptsMax: 1 };
    await withAnswers([denied], (source) => expect(readListed(source)).rejects.toThrow(), options);
    await withAnswers(
      [recorded(503, { "Retry-After": "7" })],
      (source) => expect(readListed(source)).rejects.toThrow(),
      options,
    );
    expect(pace.notes).toEqual(["get?", "get 1 answered", "get?", "get 1 throttled 7000 ms"]);
  });

  test("is told how many bytes of an object came, as they were sent, also of a body that was cut", async () => {
    const pace = notingPace();
    const packed = gzipSync("a text that is longer than what is sent of it".repeat(20));
    const headers = { "Content-Length": packed.length, "Content-Encoding": "gzip", ETag: '"abc"' };
    const options = { pace, attemptsMax: 1 };
    const listed = { sizeBytes: packed.length };
    await withAnswers(
      [recorded(200, headers, packed)],
      async (source) => expect(await readListed(source, listed)).toMatchObject({ outcome: "read" }),
      options,
    );
    const cut = { "Content-Length": 100, ETag: '"abc"' };
    await withAnswers(
      [recorded(200, cut, "forty bytes of a hundred, then no more..", "closes")],
      (source) => expect(readListed(source, { sizeBytes: 100 })).rejects.toThrow(),
      options,
    );
    const told = pace.notes.filter((note) => note.endsWith("bytes"));
    expect(told).toEqual([`${packed.length} bytes`, "40 bytes"]);
  });

  test("that refuses keeps the request from being sent", async () => {
    const pace: RequestPace = {
      admit: () => Promise.reject(new Error("not now")),
      settle: () => expect.unreachable("nothing was sent"),
      receive: () => expect.unreachable("nothing came"),
    };
    await withAnswers(
      [page],
      async (source, requests) => {
        await expect(listFirst(source)).rejects.toThrow();
        expect(requests).toEqual([]);
      },
      { pace },
    );
  });

  test("hears of a request that was given up", async () => {
    const pace = notingPace();
    const store = await startLocalStore(() => {});
    const source = openS3Source(store.settings, {
      allowEndpoints: null,
      pace,
      lean,
      timeouts: { callMs: 100 },
    });
    await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("source_unreachable", "retry"));
    await expect.poll(() => pace.notes).toEqual(["list?", "list 1 broken"]);
    source.close();
    await store.close();
  });

  test("may let a request wait for longer than the store may take to answer it", async () => {
    const pace: RequestPace = { ...notingPace(), admit: () => sleep(700) };
    const options = { pace, timeouts: { callMs: 500 }, attemptsMax: 2, random: () => 0 };
    const hello = recorded(200, { "Content-Length": 5, ETag: '"abc"' }, "hello");
    const listed = withAnswers([failing, page], listFirst, options);
    const read = withAnswers([hello], (source) => readListed(source), options);
    expect(await listed).toMatchObject({ objects: [] });
    expect(await read).toMatchObject({ outcome: "read" });
  });
});
