import { describe, expect, test, vi } from "vitest";
import { openS3Source } from "./s3-source";
import { playAnswers, type Recording, recorded } from "./testing/answer-player";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, localStoreOn } from "./testing/local-store";
import { withAnswersOn } from "./testing/with-answers";

const page = recorded(200, {}, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
const slowDown = recorded(503, { "Retry-After": "0" }, "<Error><Code>SlowDown</Code></Error>");
const failing = recorded(500, {}, "<Error><Code>InternalError</Code></Error>");
const denied = recorded(403, {}, "<Error><Code>AccessDenied</Code></Error>");
const broken = recorded(200, { "Content-Length": 100 }, "<ListBucketResult>", "closes");
const isThrottled = isSluiceError("source_throttled", "retry");

// Each test has a store of its own, and some only wait.
describe.concurrent.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const withLocalStore = localStoreOn(lean);

  const withAnswers = withAnswersOn(lean);

  describe("a request", () => {
    test.each<[string, Recording]>([
      ["a store that asks to slow down", slowDown],
      ["a store that is failing", failing],
      ["a page that breaks off", broken],
    ])("is sent again to %s, and the success counts", async (_what, answer) => {
      await withAnswers([answer, answer, page], async (source, requests) => {
        expect((await listFirst(source)).objects).toEqual([]);
        expect(requests).toHaveLength(3);
      });
    });

    test("is sent four times at most, or as often as the caller allows", async () => {
      await withAnswers([slowDown], async (source, requests) => {
        await expect(listFirst(source)).rejects.toSatisfy(isThrottled);
        expect(requests).toHaveLength(4);
      });
      const options = { attemptsMax: 1 };
      await withAnswers(
        [slowDown],
        async (source, requests) => {
          await expect(listFirst(source)).rejects.toSatisfy(isThrottled);
          expect(requests).toHaveLength(1);
        },
        options,
      );
    });

    test("is not sent again where that changes nothing", async () => {
      for (const final of [denied, recorded(404, {}), recorded(501, {}), recorded(302, { Location: "/" })]) {
        await withAnswers([final], async (source, requests) => {
          await expect(listFirst(source)).rejects.toThrow();
          expect(requests).toHaveLength(1);
        });
      }
    });

    test("is not sent again once the time for an answer is spent on those before it", async () => {
      let asked = 0;
      const work = withLocalStore(
        (_, response) => {
          asked++;
          setTimeout(() => response.writeHead(500).end(), 500);
        },
        listFirst,
        { attemptsMax: 4, timeouts: { callMs: 900 } },
      );
      await expect(work).rejects.toSatisfy(isSluiceError("source_unreachable", "retry"));
      expect(asked).toBe(2);
    });

    test("waits as long as the store asks", async () => {
      const patient = recorded(503, { "Retry-After": "1" });
      const startedAt = Date.now();
      await withAnswers([patient, page], listFirst);
      expect(Date.now() - startedAt).toBeGreaterThan(950);
    });

    test("that waits for its turn ends when its signal is aborted", async () => {
      const patient = recorded(503, { "Retry-After": "20" });
      const controller = new AbortController();
      const work = withAnswers([patient], (source, requests) => {
        const cancel = () => controller.abort(new Error("the run was cancelled"));
        // By then the answer has been read, too, and the pause that it asks for has begun.
        const canceling = vi.waitUntil(() => requests.length === 1).then(() => setTimeout(cancel, 100));
        const listing = source.listPage({
          prefix: "",
          startAfter: null,
          token: null,
          signal: controller.signal,
        });
        return listing.finally(async () => {
          await canceling;
          expect(requests).toHaveLength(1);
        });
      });
      await expect(work).rejects.toThrow("the run was cancelled");
    });

    test("on a kept-alive connection that the store has just closed is sent again at once", async () => {
      let asked = 0;
      const answer = await withLocalStore(
        (request, response) => {
          asked++;
          if (asked === 2) request.socket.destroy();
          else response.end(page.body);
        },
        async (source) => {
          await listFirst(source);
          return listFirst(source);
        },
        // The SDK does not tell such a connection from another that breaks.
        { attemptsMax: lean ? 1 : 2 },
      );
      expect(answer.objects).toEqual([]);
      expect(asked).toBe(3);
    });

    test("on a new connection that is closed unanswered has used up its attempt", async () => {
      const work = withLocalStore((request) => void request.socket.destroy(), listFirst);
      await expect(work).rejects.toSatisfy(isSluiceError("source_unreachable", "retry"));
    });
  });

  describe("a clock that is an hour off", () => {
    const theirs = () => new Date(Date.now() + 3_600_000);
    const dated = (status: number, body: string) => recorded(status, { Date: theirs().toUTCString() }, body);

    test("is corrected by the store's own, once", async () => {
      const skewed = dated(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>");
      await withAnswers(
        [skewed, page],
        async (source, requests) => {
          await listFirst(source);
          const signedAt = /x-amz-date: (\d{8}T\d{2})/i.exec(requests[1] ?? "")?.[1];
          const hours = [theirs(), new Date(theirs().getTime() - 60_000)].map(asAmzHour);
          expect(hours).toContain(signedAt);
        },
        { attemptsMax: 1 },
      );
    });

    test("is given up where that did not help", async () => {
      const skewed = dated(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>");
      await withAnswers([skewed], async (source, requests) => {
        await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("source_auth", "stop"));
        expect(requests).toHaveLength(2);
      });
    });
  });

  test("a page or a refusal that stalls is given up", async () => {
    for (const status of [200, 403]) {
      const work = withLocalStore(
        (_, response) => void response.writeHead(status, { "content-length": 900 }).write("<"),
        listFirst,
        { timeouts: { idleMs: 50 } },
      );
      await expect(work).rejects.toSatisfy(isSluiceError("source_unreachable", "retry"));
    }
  });

  test("an answer that never ends is given up", async () => {
    const endless = (status: number) =>
      withLocalStore((_, response) => {
        response.writeHead(status);
        const more = () =>
          void (response.destroyed || response.write("x".repeat(1 << 16), () => setImmediate(more)));
        more();
      }, listFirst);
    await expect(endless(200)).rejects.toThrow("does not speak S3");
    await expect(endless(403)).rejects.toSatisfy(isSluiceError("source_denied", "stop"));
  });

  test("a server that accepts connections but never shakes hands is unreachable", async () => {
    const silent = await playAnswers([]);
    const endpoint = silent.settings.endpoint?.replace("http:", "https:") ?? "";
    const timeouts = { connectMs: 100, requestMs: 200 };
    const options = { allowEndpoints: null, attemptsMax: 1, timeouts, lean };
    const source = openS3Source({ ...silent.settings, endpoint }, options);
    await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("source_unreachable", "retry"));
    source.close();
    await silent.close();
  });
});

function asAmzHour(date: Date): string {
  return date.toISOString().replaceAll(/[-:]/g, "").slice(0, 11);
}
