import { expect, test } from "vitest";
import { object } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { readManifestWindow } from "./manifest";

/** Keys that a language's order, a folded case or UTF-16 would put elsewhere. */
const KEYS = [
  "a",
  "B",
  "b",
  "Z",
  "a b",
  "a//b",
  "a/b",
  "a-b",
  "a_b",
  "file",
  "file/child",
  "../x",
  "/leading",
  "%2F",
  "+",
  "\x01",
  "line\nbreak",
  "ä",
  "a\u0308",
  "天気",
  "が",
  "か\u3099",
  "\uffee",
  "🙂",
  "k".repeat(1_024),
];

test("keys are compared and ordered as their bytes, as S3 lists them", async () => {
  const { database, remove } = temporaryDatabase();
  try {
    await database.transaction(({ prisma }) =>
      prisma.sourceObject.createMany({ data: KEYS.map((key) => object(key)) }),
    );
    const sorted = KEYS.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    const lease = { runId: "r", connectionId: "c", leaseToken: "t" };
    const keysBehind = (afterKey: string, untilKey: string | null) =>
      database.reading(async (tx) => {
        const rows = await readManifestWindow(tx, lease, { afterKey, untilKey, countMax: 100 });
        return rows.map(({ key }) => key);
      });
    expect(await keysBehind("", null)).toEqual(sorted);
    for (const [at, key] of sorted.entries()) {
      expect(await keysBehind(key, null)).toEqual(sorted.slice(at + 1));
      expect(await keysBehind("", key)).toEqual(sorted.slice(0, at + 1));
    }
  } finally {
    await remove();
  }
});
