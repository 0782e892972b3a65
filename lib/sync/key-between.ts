import { compareKeys } from "@/lib/core/bytes-order";
import { KEY_BYTES_MAX } from "@/lib/core/limits";

/** Letters behind the common part that are reckoned with; more than these decide nothing any more. */
const PLACES_MAX = 12;
/** Whole numbers stay exact below 2^53. */
const NUMBER_BITS_MAX = 50;

/**
 * A text strictly between two, in the order of keys, about halfway as far as keys of such letters go: behind the common
 * part each text is read as a number whose digits are the letters that `sampleKeys` have there. `high` null: the end of
 * everything. Null where no text is found, as between `a` and `b` when all keys are of one letter.
 *
 * Letters are whole code points, whose order is that of their UTF-8 bytes, so the text is cut between characters.
 */
export function keyBetween(low: string, high: string | null, sampleKeys: readonly string[]): string | null {
  const lowPoints = [...low];
  const highPoints = high === null ? null : [...high];
  const shared = highPoints === null ? 0 : countShared(lowPoints, highPoints);
  const letters = lettersBehind(shared, sampleKeys);
  if (letters.length < 2) return null;

  const places = placesFor(letters.length);
  const from = numberOf(lowPoints.slice(shared), letters, places);
  const until =
    highPoints === null ? letters.length ** places : numberOf(highPoints.slice(shared), letters, places);
  const middle = lettersOf(Math.floor((from + until) / 2), letters, places);
  const key = lowPoints.slice(0, shared).join("") + middle;
  const isBetween = compareKeys(key, low) > 0 && (high === null || compareKeys(key, high) < 0);
  return isBetween && Buffer.byteLength(key) <= KEY_BYTES_MAX ? key : null;
}

/** How many code points two texts begin with alike. */
export function countShared(left: readonly string[], right: readonly string[]): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) if (left[at] !== right[at]) return at;
  return shorter;
}

/** In the order of their bytes. */
function lettersBehind(shared: number, keys: readonly string[]): string[] {
  const letters = new Set<string>();
  for (const key of keys) for (const letter of [...key].slice(shared)) letters.add(letter);
  return [...letters].sort(compareKeys);
}

function placesFor(letterCount: number): number {
  return Math.max(1, Math.min(PLACES_MAX, Math.floor(NUMBER_BITS_MAX / Math.log2(letterCount))));
}

/** A letter that is none of them counts as the next higher one, which may be one too many for a digit. */
function numberOf(points: readonly string[], letters: readonly string[], places: number): number {
  let number = 0;
  for (let place = 0; place < places; place++) {
    const point = points[place];
    number = number * letters.length + (point === undefined ? 0 : rankOf(point, letters));
  }
  return number;
}

function rankOf(point: string, letters: readonly string[]): number {
  const rank = letters.findIndex((letter) => compareKeys(letter, point) >= 0);
  return rank === -1 ? letters.length : rank;
}

/** Without the lowest letters at the end, which move it no further. */
function lettersOf(number: number, letters: readonly string[], places: number): string {
  const written: string[] = [];
  let rest = number;
  for (let place = 0; place < places; place++) {
    const digit = rest % letters.length;
    rest = Math.floor(rest / letters.length);
    if (digit > 0 || written.length > 0) written.unshift(letters[digit] ?? "");
  }
  return written.join("");
}
