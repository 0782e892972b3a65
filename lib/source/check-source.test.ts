import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { checkSource } from "./check-source";
import { BOTH_PATHS, settingsAt, startLocalStore } from "./testing/local-store";

const { signal } = new AbortController();

type Object = { key: string; size?: number; storageClass?: string };

function listing(objects: Object[]): string {
  const entries = objects.map(
    ({ key, size = 5, storageClass = "STANDARD" }) =>
      `<Contents><Key>${key}</Key><Size>${size}</Size><StorageClass>${storageClass}</StorageClass></Contents>`,
  );
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join("")}</ListBucketResult>`;
}

function storeOf(objects: Object[], read: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url?.includes("list-type=2")) response.end(listing(objects));
    else read(request, response);
  };
}

const oneByte: RequestListener = (_, response) =>
  void response.writeHead(206, { "content-length": 1 }).end("h");
const denied: RequestListener = (_, response) => void response.writeHead(403).end();

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const check = async (
    answer: RequestListener,
    changes: { timeoutMs?: number; allowEndpoints?: string } = {},
  ) => {
    const store = await startLocalStore(answer);
    try {
      const report = await checkSource({
        settings: store.settings,
        prefix: "",
        signal,
        allowEndpoints: null,
        lean,
        ...changes,
      });
      return {
        ...report,
        requests: store.requests,
        states: report.stages.map((stage) => stage.state).join(" "),
      };
    } finally {
      await store.close();
    }
  };

  test("exactly one byte of the first readable object is asked for", async () => {
    let range: string | undefined;
    const objects = [
      { key: "folder/", size: 0 },
      { key: "old", storageClass: "GLACIER" },
      { key: "new" },
      { key: "next" },
    ];
    const report = await check(
      storeOf(objects, (request, response) => {
        range = request.headers.range;
        oneByte(request, response);
      }),
    );
    expect(report.states).toBe("ok ok ok ok");
    expect(range).toBe("bytes=0-0");
    expect(report.requests.at(-1)).toContain("/docs/new");
    expect(report.requests).toHaveLength(2);
  });

  test("a key that lists but may not read is Access denied at the last stage, with the permission named", async () => {
    const report = await check(storeOf([{ key: "a" }], denied));
    expect(report.states).toBe("ok ok ok failed");
    expect(report.error).toMatchObject({ code: "source_denied", message: "Access denied" });
    expect(report.error?.details).toContain("s3:GetObject");
  });

  test("an object that is gone by now is passed over for the next", async () => {
    const report = await check(
      storeOf([{ key: "gone" }, { key: "here" }], (request, response) => {
        if (request.url?.includes("gone")) response.writeHead(404).end();
        else oneByte(request, response);
      }),
    );
    expect(report.states).toBe("ok ok ok ok");
  });

  test("an object in an archive that its storage class does not tell of is passed over for the next", async () => {
    const objects = [{ key: "deep", storageClass: "INTELLIGENT_TIERING" }, { key: "here" }];
    const report = await check(
      storeOf(objects, (request, response) => {
        const archived = "<Error><Code>InvalidObjectState</Code></Error>";
        if (request.url?.includes("deep")) response.writeHead(403).end(archived);
        else oneByte(request, response);
      }),
    );
    expect(report.error).toBeNull();
    expect(report.states).toBe("ok ok ok ok");
  });

  test("a store that ignores Range passes without its whole object being read", async () => {
    const report = await check(
      storeOf([{ key: "a" }], (_, response) => {
        response.writeHead(200, { "content-length": 1_000_000 });
        response.write("h");
      }),
    );
    expect(report.states).toBe("ok ok ok ok");
  });

  test("at most 100 sample keys are given", async () => {
    const objects = Array.from({ length: 150 }, (_, number) => ({
      key: `k${String(number).padStart(3, "0")}`,
    }));
    expect((await check(storeOf(objects, oneByte))).sampleKeys).toHaveLength(100);
  });

  test.each<[string, RequestListener, string, string]>([
    [
      "a login page",
      (_, response) => void response.end("<html></html>"),
      "failed skipped skipped skipped",
      "source_unreachable",
    ],
    [
      "an empty 401",
      (_, response) => void response.writeHead(401).end(),
      "ok failed skipped skipped",
      "source_auth",
    ],
    ["an empty 403", denied, "ok ok failed skipped", "source_denied"],
    [
      "an empty 404",
      (_, response) => void response.writeHead(404).end(),
      "ok ok failed skipped",
      "bucket_missing",
    ],
  ])("%s fails at its own stage, and the later ones are not tried", async (_title, answer, states, code) => {
    const report = await check(answer);
    expect(report.states).toBe(states);
    expect(report.error?.code).toBe(code);
  });

  test("an address that is not allowed fails at the first stage, unasked", async () => {
    const report = await check(denied, { allowEndpoints: "10.0.0.0/8" });
    expect(report.states).toBe("failed skipped skipped skipped");
    expect(report.requests).toEqual([]);
  });

  test("an endpoint that cannot be fails at the first stage", async () => {
    const settings = settingsAt("http://169.254.169.254");
    const report = await checkSource({ settings, prefix: "", signal, allowEndpoints: null, lean });
    expect(report.error?.code).toBe("invalid_input");
    expect(report.stages[0]).toMatchObject({ name: "address", state: "failed" });
  });

  test("a store that never answers fails at the first stage once the time is up", async () => {
    const report = await check(() => {}, { timeoutMs: 100 });
    expect(report.states).toBe("failed skipped skipped skipped");
    expect(report.error?.code).toBe("source_unreachable");
  });

  test("a read that never answers fails at the last stage once the time is up", async () => {
    const report = await check(
      storeOf([{ key: "a" }], () => {}),
      { timeoutMs: 300 },
    );
    expect(report.states).toBe("ok ok ok failed");
  });

  test("a client that has gone aborts the check", async () => {
    const controller = new AbortController();
    const store = await startLocalStore(() => controller.abort(new Error("the client has gone")));
    const work = checkSource({
      settings: store.settings,
      prefix: "",
      signal: controller.signal,
      allowEndpoints: null,
      lean,
    });
    await expect(work).rejects.toThrow("the client has gone");
    await store.close();
  });
});
