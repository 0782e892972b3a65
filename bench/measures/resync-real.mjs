import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { firstSyncLimitMs, PHASE_MS_MAX } from "../bounds.mjs";
import { WORD_OF_ALL } from "../corpus/texts.mjs";
import { count, median, seconds, times } from "../report/words.mjs";
import { inTurns } from "./in-turns.mjs";
import { demandAllStored, demandEnd, demandUnchanged } from "./proofs.mjs";

const TAG = "real";
const PEER_WORDS = ["sync", "--fast-list", "--size-only", "--checkers", "32"];
/** A single byte to transfer, or file to delete, ends it with an exit code: what it is timed at is to do nothing. */
const NOTHING_TO_DO_WORDS = ["--max-transfer", "0", "--max-delete", "0"];
const SHARE_OF_PEER_MAX = 0.8;
const FIRST_SEARCHABLE_MS_MAX = 1_000;

/** On a large bucket of the real server: the first document that can be found, and unchanged re-syncs. */
export async function measureResyncOfReal(bench) {
  const server = await bench.realServer();
  bench.report.say(`\nfilling a bucket of the real server with ${count(bench.sizes.real)} objects`);
  const source = await server.fill(bench.sizes.real);
  const sluice = bench.newSluice({ dataDir: bench.freshFolder("real") });
  const copied = bench.freshFolder("copied");
  try {
    await sluice.start();
    const connectionId = await measureFirst(bench, { sluice, source });
    if (bench.hasRclone) writeCopy(source, copied);
    await sluice.restart();
    await measureResyncs(bench, { sluice, source, connectionId, copied });
  } finally {
    await sluice.stop();
    await bench.removeFolder(sluice.dataDir);
    await bench.removeFolder(copied);
  }
}

/** The first run, while a word that stands in every document is searched for until it is found. */
async function measureFirst(bench, { sluice, source }) {
  const measure = `first sync, ${count(source.count)} objects, real server`;
  bench.report.say(`\n${measure}`);
  const limitMs = firstSyncLimitMs(source);
  const [measured, foundAt] = await Promise.all([
    sluice.measureFirstRun({ source, tag: TAG, limitMs }),
    sluice.firstFoundAt(WORD_OF_ALL, TAG),
  ]);
  bench.report.run(measure, "Sluice", measured);
  reportFirstFound(bench, { source, run: measured.run, foundAt });
  const { run } = demandEnd(measured, "The first sync");
  bench.report.row({
    measure,
    sluice: `${seconds(measured.seconds)}, ${count(Math.round(source.count / measured.seconds))} objects/s`,
  });
  await demandAllStored({ sluice, source, tag: TAG, run });
  return measured.connectionId;
}

/** Judged from the run's start; beside it stands how long it was since the run was queued. */
function reportFirstFound(bench, { source, run, foundAt }) {
  const tookMs = foundAt === null ? null : foundAt - run.startedAt;
  bench.report.row({
    measure: `first document searchable, bucket of ${count(source.count)}`,
    sluice:
      tookMs === null
        ? "not found in time"
        : `${count(tookMs)} ms after the run started, ${count(foundAt - run.queuedAt)} ms after it was queued`,
    mustReach: `under ${FIRST_SEARCHABLE_MS_MAX} ms after its start`,
    isReached: bench.isFull ? tookMs !== null && tookMs < FIRST_SEARCHABLE_MS_MAX : null,
  });
}

async function measureResyncs(bench, { sluice, source, connectionId, copied }) {
  const measure = `unchanged re-sync, ${count(source.count)} objects, real server`;
  bench.report.say(`\n${measure}`);
  const resync = async () => {
    const measured = await sluice.measureRun({ connectionId, tag: TAG, limitMs: PHASE_MS_MAX });
    demandUnchanged(source, demandEnd(measured, "The re-sync").run);
    return measured;
  };
  const subjects = [
    { name: "Sluice", run: resync },
    bench.hasRclone
      ? {
          name: "rclone sync",
          run: () => bench.rclone(source, [...PEER_WORDS, ...NOTHING_TO_DO_WORDS, "SOURCE", copied]),
        }
      : null,
  ];
  const results = await inTurns(bench.repeats, subjects, (name, run) => bench.report.run(measure, name, run));
  const own = results.Sluice.map((one) => one.seconds);
  const peer = results["rclone sync"]?.map((one) => one.seconds) ?? null;
  const ratio = peer === null ? null : median(own) / median(peer);
  bench.report.row({
    measure,
    sluice: times(own),
    peer: peer && `${times(peer)} rclone sync --size-only`,
    mustReach: `${SHARE_OF_PEER_MAX} times the peer${ratio === null ? "" : ` (is ${ratio.toFixed(2)})`}`,
    isReached: ratio === null || !bench.isFull ? null : ratio <= SHARE_OF_PEER_MAX,
  });
}

/** The bucket's objects as files, so that rclone has nothing to do: as its own copy of them would be, much sooner. */
function writeCopy(source, folder) {
  const made = new Set();
  for (let number = 0; number < source.count; number++) {
    const file = path.join(folder, source.keys.keyOf(number));
    const parent = path.dirname(file);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(file, source.bytesOf(number));
  }
}
