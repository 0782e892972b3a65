import { expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { patientSource } from "./patient-source";
import { NOTHING_FOUND, type ObjectSource } from "./source";
import { MemorySource } from "./testing/memory-source";

const AWAY = new SluiceError({ code: "source_unreachable", effect: "retry", message: "away" });
const never = new AbortController().signal;
const ask = (source: ObjectSource, signal = never) =>
  source.listPage({ prefix: "", startAfter: null, token: null, signal });

/** A bucket whose first answers are these errors. */
function bucketAfter(errors: readonly unknown[], onAsk = () => {}): ObjectSource & { asked: () => number } {
  const bucket = new MemorySource();
  bucket.put("a.txt", "text");
  let asked = 0;
  return {
    listPage: async (args) => {
      onAsk();
      const error = errors[asked++];
      if (error !== undefined) throw error;
      return bucket.listPage(args);
    },
    read: (args) => bucket.read(args),
    findings: () => NOTHING_FOUND,
    close: () => {},
    asked: () => asked,
  };
}

test("a store that is away for a while is waited for", async () => {
  const bucket = bucketAfter([AWAY, AWAY]);
  expect((await ask(patientSource(bucket, [1, 1, 1]))).objects).toHaveLength(1);
  expect(bucket.asked()).toBe(3);
});

test("one that stays away is given up with its own error", async () => {
  const bucket = bucketAfter(Array(10).fill(AWAY));
  await expect(ask(patientSource(bucket, [1, 1, 1]))).rejects.toBe(AWAY);
  expect(bucket.asked()).toBe(4);
});

test("what no waiting changes is met at once", async () => {
  for (const [code, effect] of [
    ["source_auth", "stop"],
    ["source_unreachable", "stop"],
    ["source_throttled", "retry"],
  ] as const) {
    const refusal = new SluiceError({ code, effect, message: "no" });
    const bucket = bucketAfter([refusal]);
    await expect(ask(patientSource(bucket, [1]))).rejects.toBe(refusal);
    expect(bucket.asked()).toBe(1);
  }
});

test("nobody waits any more when the run has ended", async () => {
  const ending = new AbortController();
  const reason = new Error("the run was canceled");
  const bucket = bucketAfter([AWAY], () => setImmediate(() => ending.abort(reason)));
  await expect(ask(patientSource(bucket, [60_000]), ending.signal)).rejects.toBe(reason);
  expect(bucket.asked()).toBe(1);
});
