import type { RequestListener } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { ObjectSource, ReadResult } from "./source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, localStoreOn, readListed } from "./testing/local-store";

const HELLO = Buffer.from("hello");

function send(body: Uint8Array | string, headers: Record<string, string | number> = {}): RequestListener {
  return (_, response) => {
    const length = Buffer.byteLength(body);
    response.writeHead(200, { etag: '"abc"', "content-length": length, ...headers }).end(body);
  };
}

function readHello(source: ObjectSource): Promise<ReadResult> {
  return readListed(source);
}

function textOf(result: ReadResult): string {
  return result.outcome === "read" ? Buffer.from(result.bytes).toString("utf8") : result.outcome;
}

// Each test has a store of its own, and some only wait.
describe.concurrent.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const withLocalStore = localStoreOn(lean);
  describe("a body", () => {
    const isCutShort = isSluiceError("object_changed", "retry");
    const isTooLarge = isSluiceError("object_too_large", "skip");
    const isTimeout = isSluiceError("source_timeout", "retry");

    test("shorter than announced is object_changed", async () => {
      const answer: RequestListener = (_, response) => {
        response.writeHead(200, { etag: '"abc"', "content-length": 100 });
        response.write("hello", () => response.destroy());
      };
      await expect(withLocalStore(answer, readHello)).rejects.toSatisfy(isCutShort);
    });

    test("unannounced and of another length than listed is object_changed", async () => {
      const answer: RequestListener = (_, response) => {
        response.writeHead(200, { etag: '"abc"' });
        response.write("hel");
        response.end();
      };
      await expect(withLocalStore(answer, readHello)).rejects.toSatisfy(isCutShort);
    });

    test("announced larger than the bound is refused before it is read", async () => {
      const answer: RequestListener = (_, response) => {
        response.writeHead(200, { etag: '"abc"', "content-length": 5_000 });
        response.flushHeaders();
      };
      await expect(withLocalStore(answer, readHello)).rejects.toSatisfy(isTooLarge);
    });

    test("that never ends is cut off at the bound", async () => {
      const answer: RequestListener = (_, response) => {
        response.writeHead(200, { etag: '"abc"' });
        const more = () =>
          void (response.destroyed || response.write("x".repeat(400), () => setImmediate(more)));
        more();
      };
      await expect(withLocalStore(answer, readHello)).rejects.toSatisfy(isTooLarge);
    });

    test("that stalls is given up", async () => {
      const answer: RequestListener = (_, response) => {
        response.writeHead(200, { etag: '"abc"', "content-length": 5 });
        response.write("he");
      };
      const work = withLocalStore(answer, readHello, { timeouts: { idleMs: 50 } });
      await expect(work).rejects.toSatisfy(isTimeout);
    });

    test("that does not begin in time is given up", async () => {
      const work = withLocalStore(() => {}, readHello, { timeouts: { requestMs: 50 } });
      await expect(work).rejects.toSatisfy(isTimeout);
    });

    test("that takes too long on the whole is given up", async () => {
      const answer: RequestListener = (_, response) =>
        void response.writeHead(200, { etag: '"abc"' }).write("h");
      const work = withLocalStore(answer, readHello, { timeouts: { callMs: 100 } });
      await expect(work).rejects.toSatisfy(isTimeout);
    });

    test("that is slow but keeps coming is read to its end", async () => {
      const answer: RequestListener = (_, response) => {
        response.writeHead(200, { etag: '"abc"', "content-length": 10 });
        let sent = 0;
        const more = () =>
          void (sent++ < 10 ? response.write("x", () => setTimeout(more, 60)) : response.end());
        more();
      };
      const work = withLocalStore(answer, (source) => readListed(source, { sizeBytes: 10 }), {
        timeouts: { idleMs: 400 },
      });
      expect(textOf(await work)).toBe("xxxxxxxxxx");
    });

    test("is left alone once the signal is aborted in the middle of it", async () => {
      const controller = new AbortController();
      const answer: RequestListener = (_, response) => {
        response.writeHead(200, { etag: '"abc"', "content-length": 5 });
        response.write("he", () => controller.abort(new Error("stop now")));
      };
      const object = { key: "a", etag: "abc", sizeBytes: 5, lastModified: 0, storageClass: "STANDARD" };
      const work = withLocalStore(answer, (source) =>
        source.read({ object, bytesMax: 100, signal: controller.signal }),
      );
      await expect(work).rejects.toThrow("stop now");
    });
  });

  describe("Content-Encoding", () => {
    const read = (body: Uint8Array, encoding: string) =>
      withLocalStore(send(body, { "content-encoding": encoding }), readHello);

    test.each([
      ["gzip", gzipSync(HELLO)],
      ["x-gzip", gzipSync(HELLO)],
      ["deflate", deflateSync(HELLO)],
      ["deflate", deflateRawSync(HELLO)],
      ["br", brotliCompressSync(HELLO)],
      ["aws-chunked,gzip", gzipSync(HELLO)],
      ["br, gzip", gzipSync(brotliCompressSync(HELLO))],
      ["aws-chunked", HELLO],
      ["identity", HELLO],
      ["gzip", HELLO],
    ])("%s is decoded, or left where it only claims to be", async (encoding, body) => {
      expect(textOf(await read(body, encoding))).toBe("hello");
    });

    /** A read whose reader has no room for what unfolds. */
    const refuseToUnfold = async (body: Uint8Array, encoding: string) => {
      const object = {
        key: "a",
        etag: "abc",
        sizeBytes: body.length,
        lastModified: 0,
        storageClass: "STANDARD",
      };
      const beforeUnfolding = () => Promise.reject(new Error("no room"));
      const { signal } = new AbortController();
      return withLocalStore(send(body, { "content-encoding": encoding }), (source) =>
        source.read({ object, bytesMax: 100, beforeUnfolding, signal }),
      );
    };

    test("is decoded only after the reader has room for it", async () => {
      await expect(refuseToUnfold(gzipSync(HELLO), "gzip")).rejects.toThrow("no room");
    });

    test.each(["gzip", "aws-chunked", "identity"])(
      "%s that hides nothing asks for no room",
      async (encoding) => {
        expect(textOf(await refuseToUnfold(HELLO, encoding))).toBe("hello");
      },
    );

    test("a bomb is too large after bytesMax bytes", async () => {
      const bomb = gzipSync(Buffer.alloc(500_000));
      expect(bomb.length).toBeLessThan(1_000);
      await expect(read(bomb, "gzip")).rejects.toSatisfy(isSluiceError("object_too_large", "skip"));
    });

    test("a compression that breaks off is extract_failed", async () => {
      const broken = gzipSync(HELLO).subarray(0, 15);
      await expect(read(broken, "gzip")).rejects.toSatisfy(isSluiceError("extract_failed", "skip"));
    });
  });
});
