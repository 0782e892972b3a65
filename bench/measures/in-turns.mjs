/**
 * Runs the subjects one after the other, `repeats` times, each going first in turn, so that what changes on the
 * machine meanwhile meets all. Resolves to the results of each, `{ name: [measured, …] }`.
 *
 * A subject is `{ name, run }`; a null one is left out. `onRun(name, measured)` hears of each run as it ends.
 */
export async function inTurns(repeats, subjects, onRun) {
  const there = subjects.filter((subject) => subject !== null);
  const results = Object.fromEntries(there.map(({ name }) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < there.length; turn++) {
      const { name, run } = there[(repeat + turn) % there.length];
      const measured = await run();
      results[name].push(measured);
      onRun(name, measured);
    }
  }
  return results;
}
