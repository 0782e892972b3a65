/** Numbers in [0, 1) that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const HEX = "0123456789abcdef";
const TITLES = "文档報告会議記録設計図書館学校年月日東京大阪北京上海漢字平仮名片仮名数据";
const FACES = "😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍";

type Shape = (at: number, count: number, random: () => number) => string;

const letterOf = (letters: string, random: () => number) => {
  const points = [...letters];
  return points[Math.floor(random() * points.length)] ?? "";
};
const textOf = (letters: string, length: number, random: () => number) =>
  Array.from({ length }, () => letterOf(letters, random)).join("");
const padded = (at: number, places: number) => String(at).padStart(places, "0");

/** Names as buckets have them; `at` is one of `count`. */
export const KEY_SHAPES: Readonly<Record<string, Shape>> = {
  "flat zero-padded numbers": (at) => `key-${padded(at, 7)}`,
  "numbers without padding": (at) => `file-${at}.txt`,
  "a folder for each day": (at, count, random) => {
    const day = new Date(Date.UTC(2024, 0, 1) + Math.floor((at / count) * 365) * 86_400_000);
    return `${day.toISOString().slice(0, 10).replaceAll("-", "/")}/${textOf(HEX, 8, random)}.log`;
  },
  "departments, years and months": (at, count) => {
    const share = (at / count) * 3;
    const department = ["finance", "legal", "sales"][Math.floor(share)] ?? "sales";
    const month = Math.floor((share % 1) * 120);
    const folder = `${2010 + Math.floor(month / 12)}/${padded(1 + (month % 12), 2)}`;
    return `${department}/${folder}/${padded(at, 6)}-report.txt`;
  },
  "random identifiers": (_at, _count, random) =>
    `documents/${[8, 4, 4, 4, 12].map((length) => textOf(HEX, length, random)).join("-")}.pdf`,
  "one deep folder": (at) => `${"a/very/deep/folder/of/one/tenant/".repeat(6)}${padded(at, 6)}.json`,
  "titles in CJK": (_at, _count, random) =>
    `图书/${textOf(TITLES, 6, random)}-${padded(Math.floor(random() * 1e6), 6)}.txt`,
  "faces and letters": (_at, _count, random) =>
    `${textOf(`${FACES}az`, 5, random)}/${textOf(HEX, 4, random)}`,
  "a few folders of very unlike size": (at, count) => {
    const folder = at < count * 0.02 ? "archive" : at < count * 0.9 ? "mail" : "photos";
    return `${folder}/${padded(at, 8)}`;
  },
};

/** As many different keys of a shape. */
export function keysOf(shape: Shape, count: number, random: () => number): string[] {
  const keys = new Set<string>();
  for (let at = 0; keys.size < count && at < count * 10; at++) keys.add(shape(at, count, random));
  return [...keys];
}
