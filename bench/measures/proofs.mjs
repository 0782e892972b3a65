import { rareWordOf } from "../corpus/texts.mjs";

/** Rejects unless a first run stored every object of the source, and the first, middle and last one are found. */
export async function demandAllStored({ sluice, source, tag, run }) {
  const { listed, added, failed } = run.tally;
  if (listed !== source.count || added !== source.count || failed > 0) {
    throw new Error(`Of ${source.count} objects ${added} were stored: ${JSON.stringify(run.tally)}`);
  }
  for (const number of [0, source.count >> 1, source.count - 1]) {
    const found = await sluice.found(rareWordOf(number), tag);
    if (found !== 1)
      throw new Error(`The word that only object ${number} has was found in ${found} documents.`);
  }
}

/** Throws unless a run found every object of the source as it was. */
export function demandUnchanged(source, { tally }) {
  if (tally.listed !== source.count || tally.unchanged !== source.count) {
    throw new Error(`Of ${source.count} objects ${tally.unchanged} were unchanged: ${JSON.stringify(tally)}`);
  }
}

/** Throws unless a run ended within its time, and hands what was measured back. */
export function demandEnd(measured, what) {
  if (measured.seconds !== null) return measured;
  const { listed, added } = measured.run.tally;
  throw new Error(`${what} did not end within its time limit: ${listed} objects listed, ${added} stored.`);
}
