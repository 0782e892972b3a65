import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { readPdf } from "@/lib/extract/formats/pdf";
import { FORMS } from "./contents.mjs";
import { Keys } from "./keys.mjs";
import { rareWordOf, TEXT_SIZES, textOf } from "./texts.mjs";

test.each([1, 99, 1_000, 12_345])("%i keys are in byte order and each is found by its number", (count) => {
  const keys = new Keys(count, "txt");
  const all = Array.from({ length: count }, (_, number) => keys.keyOf(number));
  expect(all.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))).toEqual(all);
  expect(new Set(all).size).toBe(count);
  expect(all.filter((key, number) => keys.numberOf(key) !== number)).toEqual([]);
});

test("a text between two keys, before all and behind all has its place", () => {
  const keys = new Keys(1_000, "txt");
  for (const number of [0, 1, 417, 999]) {
    expect(keys.countBefore(keys.keyOf(number))).toBe(number);
    expect(keys.countBefore(`${keys.keyOf(number)}\0`)).toBe(number + 1);
  }
  expect(keys.countBefore("")).toBe(0);
  expect(keys.countBefore("\u{10ffff}")).toBe(1_000);
});

test.each(["", "nowhere.txt", "board/2016/01/folder-00000/00-agreement.txt", "x/folder-00000/00-x.txt"])(
  "%j is no key",
  (text) => {
    expect(new Keys(1_000, "txt").numberOf(text)).toBeNull();
  },
);

test("no two texts share their rare word", () => {
  const words = new Set(Array.from({ length: 50_000 }, (_, number) => rareWordOf(number)));
  expect(words.size).toBe(50_000);
});

test.each(Object.entries(TEXT_SIZES))(
  "a %s text has its rare word once, keeps to its size and is the same each time",
  (_, size) => {
    for (let number = 0; number < 300; number++) {
      const text = textOf(number, 0, size);
      expect(text.split(rareWordOf(number))).toHaveLength(2);
      expect(text.length).toBeGreaterThanOrEqual(size.bytesMin);
      expect(text.length).toBeLessThanOrEqual(size.bytesMax);
      expect(textOf(number, 0, size)).toBe(text);
    }
  },
);

test("another generation of a text has the same length and other bytes", () => {
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  const [old, young] = [0, 1].map((generation) => textOf(7, generation, TEXT_SIZES.small));
  expect(young).toHaveLength(old?.length ?? 0);
  expect(md5(young ?? "")).not.toBe(md5(old ?? ""));
});

test("a made PDF is read by Sluice to its last word", async () => {
  const bytes = FORMS.pdf.bytesOf(3, 0);
  const { text, isCut } = await readPdf(bytes);
  expect(isCut).toBe(false);
  expect(text).toContain(rareWordOf(3));
  expect(text.length).toBeGreaterThan(49_000);
  expect(text.split("\n\n").length).toBeGreaterThan(10);
});
