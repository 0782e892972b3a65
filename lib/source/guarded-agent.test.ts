import { describe, expect, test } from "vitest";
import type { ResolveHost } from "./address-guard";
import { openS3Source } from "./s3-source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, localStoreOn, settingsAt, startLocalStore } from "./testing/local-store";

const EMPTY_LISTING =
  "<ListBucketResult><Name>docs</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";
const isRefused = isSluiceError("source_unreachable", "stop");

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const withLocalStore = localStoreOn(lean);
  const listAt = async (
    endpoint: string,
    options: { allowEndpoints?: string | null; resolve?: ResolveHost } = {},
  ) => {
    const source = openS3Source(settingsAt(endpoint), {
      allowEndpoints: null,
      attemptsMax: 2,
      lean,
      ...options,
    });
    try {
      return await listFirst(source);
    } finally {
      source.close();
    }
  };

  describe("addresses are judged when they are connected to", () => {
    test("a name that leads to the metadata address is refused", async () => {
      const resolve: ResolveHost = async () => [{ address: "169.254.169.254", family: 4 }];
      await expect(listAt("http://store.example.com", { resolve })).rejects.toSatisfy(isRefused);
      await expect(listAt("https://store.example.com", { resolve })).rejects.toSatisfy(isRefused);
    });

    test("one bad address among good ones is enough", async () => {
      const resolve: ResolveHost = async () => [
        { address: "127.0.0.1", family: 4 },
        { address: "::ffff:169.254.169.254", family: 6 },
      ];
      await expect(listAt("http://store.example.com", { resolve })).rejects.toSatisfy(isRefused);
    });

    test("a name that rebinds after its first answer gains nothing", async () => {
      const store = await startLocalStore((_, response) => {
        response.setHeader("connection", "close");
        response.end(EMPTY_LISTING);
      });
      const answers = ["127.0.0.1", "169.254.169.254"];
      const resolve: ResolveHost = async () => [{ address: answers.shift() ?? "", family: 4 }];
      const port = new URL(store.settings.endpoint ?? "").port;
      const source = openS3Source(settingsAt(`http://store.example.com:${port}`), {
        allowEndpoints: null,
        resolve,
        lean,
      });
      expect(await listFirst(source)).toMatchObject({ objects: [], nextToken: null });
      await expect(listFirst(source)).rejects.toSatisfy(isRefused);
      source.close();
      await store.close();
    });

    test("literal addresses, of which no lookup hears, are judged too", async () => {
      await withLocalStore(
        (_, response) => response.end(EMPTY_LISTING),
        async (source, store) => {
          await expect(listFirst(source)).rejects.toSatisfy(isRefused);
          expect(store.requests).toEqual([]);
        },
        { allowEndpoints: "10.0.0.0/8" },
      );
    });

    test("a listed host or network is connected to", async () => {
      for (const allowEndpoints of ["127.0.0.0/8", "127.0.0.1"]) {
        const answer = await withLocalStore((_, response) => response.end(EMPTY_LISTING), listFirst, {
          allowEndpoints,
        });
        expect(answer.objects).toEqual([]);
      }
    });

    test("a redirect to another host is not followed", async () => {
      const elsewhere = await startLocalStore((_, response) => response.end(EMPTY_LISTING));
      for (const status of [301, 302, 307, 308]) {
        const redirect = withLocalStore((_, response) => {
          response.writeHead(status, { location: `${elsewhere.settings.endpoint}/docs` }).end();
        }, listFirst);
        await expect(redirect).rejects.toSatisfy((error) => error instanceof Error);
      }
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.close();
    });

    test("a name without addresses is unreachable, in a sentence that names it", async () => {
      await expect(listAt("http://store.example.com", { resolve: async () => [] })).rejects.toThrow(
        "store.example.com",
      );
    });
  });
});
