/** Of every decision of the suite; another one by `SLUICE_FAULT_SEED`. */
export const SEED = Number(process.env.SLUICE_FAULT_SEED ?? 20_261);

/**
 * A number from 0 to 1, below 1, that the seed and the words decide alone: what happens to a request does not depend
 * on which other one came before it, so a run with many walkers meets the same faults each time.
 */
export function draw(...words: (string | number)[]): number {
  // FNV-1a over the words, then the last mixing of MurmurHash3, so that like words give unlike numbers.
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${SEED}\n${words.join("\n")}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A whole number in [from, to], decided as `draw` decides. */
export function drawWhole(from: number, to: number, ...words: (string | number)[]): number {
  return from + Math.floor(draw(...words) * (to - from + 1));
}
