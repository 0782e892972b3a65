import { describe, expect, test } from "vitest";
import { compareKeys } from "@/lib/core/bytes-order";
import { KEY_BYTES_MAX } from "@/lib/core/limits";
import { keyBetween } from "./key-between";
import { seededRandom } from "./testing/key-shapes";

describe("a key between two others", () => {
  test.each<[string, string, string | null, string[], string | null]>([
    ["numbers are halved as numbers", "key-0000", "key-8000", ["key-0123456789"], "key-4"],
    ["up to the end of everything", "0", null, ["0123456789"], "5"],
    ["what ends a folder counts as a letter", "a/9", "a0", ["a/0123456789"], "a/94444444444"],
    ["letters of two bytes and of four", "é", "😀", ["éñü😀"], "ñü"],
    ["a key and what begins with it", "a", "ac", ["abc"], "abc"],
    ["nothing where all keys are of one letter", "aa", "aaaaaaa", ["aaaaaaaaaaa"], null],
    ["nothing between a key and itself", "a", "a", ["abc"], null],
    ["nothing below a key that is lower", "b", "a", ["abc"], null],
  ])("%s", (_rule, low, high, sampleKeys, between) => {
    expect(keyBetween(low, high, sampleKeys)).toBe(between);
  });

  test("is no longer than a key may be", () => {
    const long = "a".repeat(KEY_BYTES_MAX);
    expect(keyBetween(long, "b", [`${long}bcdef`])).not.toBeNull();
    expect(keyBetween(`${long}b`, `${long}f`, [`${long}bcdef`])).toBeNull();
  });

  test("lies strictly between, and is cut between characters, whatever the two are", () => {
    const random = seededRandom(3);
    const letters = [..."a/0~\u007f\u0800\ud7ff\ue000\uff01\u{10000}\u{10ffff}😀é"];
    const some = () =>
      Array.from(
        { length: 1 + Math.floor(random() * 6) },
        () => letters[Math.floor(random() * letters.length)],
      ).join("");
    let found = 0;
    for (let round = 0; round < 500; round++) {
      const [low = "", high = ""] = [some(), some()].sort(compareKeys);
      const between = keyBetween(low, round % 5 === 0 ? null : high, [some(), some(), low, high]);
      if (between === null) continue;
      found += 1;
      expect(compareKeys(between, low)).toBeGreaterThan(0);
      if (round % 5 !== 0) expect(compareKeys(between, high)).toBeLessThan(0);
      expect(Buffer.from(between, "utf8").toString("utf8")).toBe(between);
    }
    expect(found).toBeGreaterThan(400);
  });
});
