import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openS3Source } from "./s3-source";
import type { ObjectSource, ReadResult } from "./source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, localStoreOn, readListed, startLocalStore } from "./testing/local-store";

const HELLO = Buffer.from("hello");
const DATE = "Fri, 02 Jan 2026 03:04:05 GMT";

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

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const withLocalStore = localStoreOn(lean);
  describe("a page", () => {
    const page = (inside: string) => send(`<ListBucketResult><Name>docs</Name>${inside}</ListBucketResult>`);
    const entry = (key: string) =>
      `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified><ETag>W/&quot;abc&quot;</ETag><Size>5</Size></Contents>`;

    test("keys are decoded only where the store says they are encoded", async () => {
      const encoded = page(
        `<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${entry("a+b%2Bc%252F/d%2Fe")}`,
      );
      const raw = page(`<IsTruncated>false</IsTruncated>${entry("a+b%2Bc")}`);
      expect((await withLocalStore(encoded, listFirst)).objects[0]?.key).toBe("a b+c%2F/d/e");
      expect((await withLocalStore(raw, listFirst)).objects[0]?.key).toBe("a+b%2Bc");
    });

    test("what a store leaves out has its default, times keep their milliseconds, ETags lose quotes and W/", async () => {
      const answer = await withLocalStore(page(`<IsTruncated>false</IsTruncated>${entry("a")}`), listFirst);
      const lastModified = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
      expect(answer.objects).toEqual([
        { key: "a", etag: "abc", sizeBytes: 5, lastModified, storageClass: "STANDARD" },
      ]);
    });

    test("a key that is not UTF-8 rejects the page instead of being altered", async () => {
      const answer = page(
        `<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${entry("bad%FFkey")}`,
      );
      await expect(withLocalStore(answer, listFirst)).rejects.toSatisfy(
        isSluiceError("listing_disorder", "stop"),
      );
    });

    test("a page that promises more without a token is disorder, not the last page", async () => {
      const answer = page(`<IsTruncated>true</IsTruncated>${entry("a")}`);
      await expect(withLocalStore(answer, listFirst)).rejects.toSatisfy(
        isSluiceError("listing_disorder", "stop"),
      );
    });

    test("a token beside IsTruncated false is not followed", async () => {
      const answer = page(
        `<IsTruncated>false</IsTruncated><NextContinuationToken>x</NextContinuationToken>${entry("a")}`,
      );
      expect((await withLocalStore(answer, listFirst)).nextToken).toBeNull();
    });

    test("an empty page with a token is not the last", async () => {
      const answer = page(
        "<KeyCount>0</KeyCount><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>",
      );
      expect(await withLocalStore(answer, listFirst)).toMatchObject({ objects: [], nextToken: "x" });
    });
  });

  describe("addressing", () => {
    test.each([
      ["path", "store.example.com", "/docs/?"],
      ["virtual", "docs.store.example.com", "/?"],
    ] as const)("%s puts the bucket where it belongs", async (addressingStyle, host, path) => {
      let asked = "";
      const store = await startLocalStore((request, response) => {
        asked = `${request.headers.host} ${request.url}`;
        send("<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>")(request, response);
      });
      const port = new URL(store.settings.endpoint ?? "").port;
      const settings = { ...store.settings, endpoint: `http://store.example.com:${port}`, addressingStyle };
      const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
      const source = openS3Source(settings, { allowEndpoints: "store.example.com", resolve, lean });
      await listFirst(source);
      expect(asked).toContain(`${host}:${port} ${path}`);
      source.close();
      await store.close();
    });
  });

  describe("which version is read", () => {
    test("the ETag is sent as If-Match, quoted", async () => {
      let condition: string | undefined;
      const answer: RequestListener = (request, response) => {
        condition = request.headers["if-match"];
        send(HELLO)(request, response);
      };
      expect(textOf(await withLocalStore(answer, readHello))).toBe("hello");
      expect(condition).toBe('"abc"');
    });

    test("412 and another ETag behind it is changed", async () => {
      const answer: RequestListener = (request, response) => {
        if (request.headers["if-match"]) response.writeHead(412).end();
        else send(HELLO, { etag: '"other"' })(request, response);
      };
      expect(await withLocalStore(answer, readHello)).toEqual({ outcome: "changed" });
    });

    test("a store that answers 412 to its own ETag is read by comparing, and not asked that way again", async () => {
      const answer: RequestListener = (request, response) => {
        if (request.headers["if-match"]) response.writeHead(412).end();
        else send(HELLO, { etag: 'W/"abc"' })(request, response);
      };
      await withLocalStore(answer, async (source, store) => {
        expect(textOf(await readListed(source))).toBe("hello");
        expect(textOf(await readListed(source))).toBe("hello");
        expect(store.requests).toHaveLength(3);
      });
    });

    test("a store that ignores If-Match is caught by the answer's own ETag", async () => {
      expect(await withLocalStore(send(HELLO, { etag: '"other"' }), readHello)).toEqual({
        outcome: "changed",
      });
    });

    describe.each([
      ["without ETags", { etag: "" }, "", undefined],
      ["with a weak ETag, though it is the listed one", { etag: 'W/"abc"' }, "abc", undefined],
      ["with the ETag rewritten by a store that does not honour If-Match", { etag: '"other"' }, "abc", false],
    ])("%s, length and time to the second decide", (_what, tag, etag, isIfMatchHonoured) => {
      const time = Date.parse(DATE);
      const read = (changes: { sizeBytes?: number; lastModified?: number }) =>
        withLocalStore(
          send(HELLO, { "last-modified": DATE, ...tag }),
          (source) => readListed(source, { etag, lastModified: time + 999, ...changes }),
          { isIfMatchHonoured },
        );

      test("both the same is the listed version", async () => {
        expect(textOf(await read({}))).toBe("hello");
      });

      test("another length or another second is changed", async () => {
        expect(textOf(await read({ sizeBytes: 6 }))).toBe("changed");
        expect(textOf(await read({ lastModified: time + 1_000 }))).toBe("changed");
      });
    });

    test("a store that is known not to honour If-Match is asked without it, once an object", async () => {
      const answer = send(HELLO, { etag: '"other"', "last-modified": DATE });
      const listed = { lastModified: Date.parse(DATE) };
      await withLocalStore(
        answer,
        async (source, store) => {
          expect(await readListed(source, listed)).toMatchObject({ outcome: "read", etag: "other" });
          expect(store.requests).toHaveLength(1);
        },
        { isIfMatchHonoured: false },
      );
    });

    test("a weak ETag whose object is packed on the way is judged by what it unpacks to", async () => {
      const answer = send(gzipSync(HELLO), {
        etag: 'W/"abc"',
        "last-modified": DATE,
        "content-encoding": "gzip",
      });
      const read = (sizeBytes: number) =>
        withLocalStore(answer, (source) => readListed(source, { sizeBytes, lastModified: Date.parse(DATE) }));
      expect(textOf(await read(5))).toBe("hello");
      await expect(read(6)).rejects.toSatisfy(isSluiceError("object_changed", "retry"));
    });

    test("an empty 404 is vanished", async () => {
      const answer: RequestListener = (_, response) => void response.writeHead(404).end();
      expect(await withLocalStore(answer, readHello)).toEqual({ outcome: "vanished" });
    });
  });
});
