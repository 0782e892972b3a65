import { randomBytes } from "node:crypto";
import { firstSyncLimitMs } from "../bounds.mjs";
import { count, median, times } from "../report/words.mjs";
import { startPageServer } from "../sources/page-server.mjs";
import { openPostgres } from "../sources/postgres.mjs";
import { inTurns } from "./in-turns.mjs";
import { demandAllStored, demandEnd } from "./proofs.mjs";

const TAG = "pdfs";
const SPEED_UP_MIN = 1.6;

/** A first sync of PDFs on PostgreSQL, whose time is spent in taking text out: by one worker, and by two. */
export async function measureTwoWorkers(bench) {
  const measure = `first sync of ${count(bench.sizes.pdfs)} PDFs on PostgreSQL`;
  bench.report.say(`\n${measure}`);
  const postgres = await openPostgres();
  const source = await startPageServer({ count: bench.sizes.pdfs, form: "pdf" });
  try {
    const subjects = [1, 2].map((workers) => ({
      name: workers === 1 ? "one worker" : "two workers",
      run: () => syncWith(bench, { workers, source, postgres }),
    }));
    const results = await inTurns(bench.repeats, subjects, (name, run) =>
      bench.report.run(measure, name, run),
    );
    report(bench, measure, { one: results["one worker"], two: results["two workers"] });
  } finally {
    await source.stop();
    await postgres.stop();
  }
}

/** Each in a database of its own. All that share one have the same key for its secrets. */
async function syncWith(bench, { workers, source, postgres }) {
  const dataDir = bench.freshFolder("pdfs");
  const env = {
    DATABASE_URL: await postgres.createDatabase(`sluice_bench_${process.pid}`),
    SLUICE_SECRET_KEY: randomBytes(32).toString("base64"),
  };
  const sluice = bench.newSluice({ dataDir, env });
  try {
    await sluice.start();
    for (let more = 1; more < workers; more++) await sluice.startWorker();
    const limitMs = firstSyncLimitMs(source);
    const measured = demandEnd(await sluice.measureFirstRun({ source, tag: TAG, limitMs }), "The first sync");
    await demandAllStored({ sluice, source, tag: TAG, run: measured.run });
    return measured;
  } finally {
    await sluice.stop();
    await bench.removeFolder(dataDir);
  }
}

function report(bench, measure, { one, two }) {
  const secondsOf = (runs) => runs.map(({ seconds }) => seconds);
  const speedUp = median(secondsOf(one)) / median(secondsOf(two));
  bench.report.row({
    measure,
    sluice: `${speedUp.toFixed(2)} times as fast: two workers ${times(secondsOf(two))}`,
    peer: `${times(secondsOf(one))} one worker`,
    mustReach: `at least ${SPEED_UP_MIN} times`,
    isReached: bench.isFull ? speedUp >= SPEED_UP_MIN : null,
    notes: [coresWords("one worker", one), coresWords("two workers", two)],
  });
}

/** How many cores were busy with it: where one worker takes all that there are, another has none to add. */
function coresWords(name, runs) {
  const all = median(runs.map(({ seconds, memory }) => sumOf(memory.cpuSeconds) / seconds));
  const extraction = median(runs.map(({ seconds, memory }) => (memory.cpuSeconds.extraction ?? 0) / seconds));
  return `${name}: Sluice kept ${all.toFixed(2)} cores busy, ${extraction.toFixed(2)} of them by taking text out`;
}

function sumOf(counts) {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}
