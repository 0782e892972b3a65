import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { REQUESTS_AT_ONCE_MAX } from "../../lib/core/limits";
import { FaultBench, SENTENCE } from "./support/fault-bench";
import type { Asked, Fault } from "./support/fault-proxy";
import { afterActing, always, fromNth, once, s3Error, signedAs } from "./support/faults";
import { sampleObjects } from "./support/sample-objects";

const HOUR_MS = 60 * 60 * 1_000;
const SKEW_MAX_MS = 15 * 60 * 1_000;

let bench: FaultBench;
let bucket: string;
let objects: number;
let connectionId: string;

beforeAll(async () => {
  bench = await FaultBench.open({ pageKeysMax: 80 });
  const sample = await sampleObjects();
  objects = Object.keys(sample).length;
  bucket = await bench.disturbed.bucket(sample);
});
afterEach(() => bench.disconnect(connectionId));
afterAll(() => bench.close());

describe("access that is taken away in the middle and given back", () => {
  const user = () => bench.disturbed.server.user;
  /** The store itself refuses the first three. */
  const REFUSED: [name: string, fault: Fault, sentence: RegExp][] = [
    [
      "a key that the store no longer knows",
      (asked, forward) =>
        signedAs({ user: { ...user(), accessKeyId: "SLUICEREVOKED0000000" } })(asked, forward),
      /does not know this access key/,
    ],
    [
      "a secret that is no longer the key's",
      (asked, forward) => signedAs({ user: { ...user(), secretAccessKey: "0".repeat(40) } })(asked, forward),
      /secret does not belong/,
    ],
    ["a clock an hour late", signedAs({ at: () => new Date(Date.now() - HOUR_MS) }), /clock/],
    ["a token that has expired", s3Error(400, "ExpiredToken"), /token has expired/],
  ];

  test.each(REFUSED)(
    "%s while objects are read: the run ends soon, and the next one ends its work",
    async (_, fault, sentence) => {
      connectionId = await bench.connect(bucket);
      bench.proxy.obey(fromNth("object", 100, fault));
      const run = await bench.runAgain(connectionId);
      expectRefused(run, sentence);
      // What was under way, some of it sent a second time; of the objects that are left it is a part.
      expect(bench.proxy.disturbed).toBeLessThanOrEqual(2 * REQUESTS_AT_ONCE_MAX);
      expect(2 * REQUESTS_AT_ONCE_MAX).toBeLessThan(objects - 100);
      await expectGivenBack();
    },
  );

  test.each(REFUSED)("%s while the bucket is listed: nothing is removed", async (_, fault, sentence) => {
    connectionId = await bench.connectStored(bucket);
    const stored = await bench.storedKeys(connectionId);
    bench.proxy.obey(fromNth("list", 3, fault));
    const run = await bench.runAgain(connectionId);
    expectRefused(run, sentence);
    expect(await bench.storedKeys(connectionId)).toEqual(stored);
    await expectGivenBack();
  });

  function expectRefused(run: Awaited<ReturnType<FaultBench["ended"]>>, sentence: RegExp): void {
    expect(run).toMatchObject({
      status: "failed",
      errorCode: "auth_expired",
      tally: { removed: 0, onHold: 0 },
    });
    expect(run.error).toMatch(SENTENCE);
    expect(run.error).toMatch(sentence);
  }
});

/** The run has failed; what it left is done by the next one, now that nothing stands in its way. */
async function expectGivenBack(): Promise<void> {
  bench.proxy.obey();
  const next = await bench.runAgain(connectionId);
  expect(next).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0, onHold: 0 } });
  await bench.expectUndisturbed(bucket, connectionId);
}

describe("a bucket's policy that no longer lets its guest in", () => {
  const resource = () => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const forbid = () => bench.disturbed.s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));

  async function allow(): Promise<void> {
    const actions = ["s3:ListBucket", "s3:GetObject"];
    const statement = { Effect: "Allow", Principal: "*", Action: actions, Resource: resource() };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await bench.disturbed.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
  }

  test("while objects are read: after twenty refusals one listing decides that the run ends", async () => {
    await allow();
    connectionId = await bench.connect(bucket, { ...bench.disturbed.server.other });
    bench.proxy.obey(once("object", 100, afterActing(forbid)));
    const run = await bench.runAgain(connectionId);
    expect(run).toMatchObject({ status: "failed", errorCode: "auth_expired", tally: { removed: 0 } });
    expect(run.error).toMatch(/^403 .*s3:ListBucket/);
    expect(bench.proxy.objects.length).toBeLessThan(objects - 20);
    await allow();
    await expectGivenBack();
  });

  test("while the bucket is listed: the run ends, and nothing is removed", async () => {
    await allow();
    connectionId = await bench.connect(bucket, { ...bench.disturbed.server.other });
    expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed" });
    const stored = await bench.storedKeys(connectionId);
    bench.proxy.obey(once("list", 3, afterActing(forbid)));
    const run = await bench.runAgain(connectionId);
    expect(run).toMatchObject({
      status: "failed",
      errorCode: "auth_expired",
      tally: { removed: 0, onHold: 0 },
    });
    expect(run.error).toMatch(/^403 .*s3:ListBucket/);
    expect(await bench.storedKeys(connectionId)).toEqual(stored);
    await allow();
    await expectGivenBack();
  });
});

describe("a store whose clock is an hour ahead", () => {
  /** It takes only what is signed by its own clock, says what that is, and is otherwise the real one. */
  const hurried: Fault = async (asked, forward) => {
    const storeTime = Date.now() + HOUR_MS;
    const date = new Date(storeTime).toUTCString();
    const isSkewed = Math.abs(signedAt(asked) - storeTime) > SKEW_MAX_MS;
    const refused = s3Error(403, "RequestTimeTooSkewed");
    const answer = isSkewed ? await refused(asked, forward) : await forward({ at: new Date() });
    return answer === "break" ? answer : { ...answer, headers: { ...answer.headers, date } };
  };

  test("either the run works by the store's clock, or it says that the clocks differ; nothing is removed", async () => {
    connectionId = await bench.connectStored(bucket);
    const stored = await bench.storedKeys(connectionId);
    bench.proxy.obey(always(hurried));
    const run = await bench.runAgain(connectionId);
    expect(run.tally).toMatchObject({ removed: 0, onHold: 0 });
    if (run.status === "completed") expect(run.tally.listed).toBe(objects);
    else expect(run.error).toMatch(/clock/);
    expect(await bench.storedKeys(connectionId)).toEqual(stored);
    await expectGivenBack();
  });

  function signedAt({ headers }: Asked): number {
    const stamp = String(headers["x-amz-date"]);
    return Date.parse(stamp.replace(/(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, "$1-$2-$3:$4:"));
  }
});

describe("a host that is gone in the middle and comes back", () => {
  const GONE: [name: string, kind: "list" | "object", count: number][] = [
    ["while objects are read", "object", 100],
    ["while the bucket is listed", "list", 3],
  ];

  test.each(GONE)("%s: the run fails in a while, and the next one ends its work", async (_, kind, count) => {
    connectionId = kind === "list" ? await bench.connectStored(bucket) : await bench.connect(bucket);
    const stored = await bench.storedKeys(connectionId);
    const leave: Fault = async () => {
      void bench.proxy.close();
      return "break";
    };
    bench.proxy.obey(once(kind, count, leave));
    const run = await bench.runAgain(connectionId);
    await bench.proxy.open();
    expect(run).toMatchObject({ status: "failed", errorCode: "provider_unavailable", tally: { removed: 0 } });
    expect(run.error).toMatch(SENTENCE);
    expect(await bench.storedKeys(connectionId)).toEqual(expect.arrayContaining(stored));
    await expectGivenBack();
  });
});
