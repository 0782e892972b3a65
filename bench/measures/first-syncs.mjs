import { readdir } from "node:fs/promises";
import { firstSyncLimitMs } from "../bounds.mjs";
import { count, median, times } from "../report/words.mjs";
import { inTurns } from "./in-turns.mjs";
import { demandAllStored, demandEnd } from "./proofs.mjs";

const TAG = "first";
const PEER_WORDS = ["copy", "--fast-list", "--transfers", "32", "--checkers", "32", "SOURCE"];

/**
 * First syncs of a source beside `rclone copy` of the same to an empty folder, each into a data folder of its own.
 * The run's time ends when its row is completed; that every document can be found then is proved after it.
 */
export async function measureFirstSyncs(bench, { source, what, shareOfPeerMax, repeats = bench.repeats }) {
  const measure = `first sync, ${count(source.count)} ${what}`;
  bench.report.say(`\n${measure}`);
  const subjects = [
    { name: "Sluice", run: () => syncOnce(bench, source) },
    bench.hasRclone ? { name: "rclone copy", run: () => copyOnce(bench, source) } : null,
  ];
  const results = await inTurns(repeats, subjects, (name, run) => bench.report.run(measure, name, run));
  const own = results.Sluice.map((one) => one.seconds);
  const peer = results["rclone copy"]?.map((one) => one.seconds) ?? null;
  const ratio = peer === null ? null : median(own) / median(peer);
  bench.report.row({
    measure,
    sluice: `${times(own)}, ${count(Math.round(source.count / median(own)))} objects/s`,
    peer: peer && `${times(peer)} rclone copy`,
    mustReach: `${shareOfPeerMax} times the peer${ratio === null ? "" : ` (is ${ratio.toFixed(2)})`}`,
    isReached: ratio === null || !bench.isFull ? null : ratio <= shareOfPeerMax,
  });
}

async function syncOnce(bench, source) {
  const dataDir = bench.freshFolder("first");
  const sluice = bench.newSluice({ dataDir });
  try {
    await sluice.start();
    await source.requests();
    const limitMs = firstSyncLimitMs(source);
    const measured = demandEnd(await sluice.measureFirstRun({ source, tag: TAG, limitMs }), "The first sync");
    const requests = await source.requests();
    await demandAllStored({ sluice, source, tag: TAG, run: measured.run });
    return { ...measured, requests };
  } finally {
    await sluice.stop();
    await bench.removeFolder(dataDir);
  }
}

async function copyOnce(bench, source) {
  const folder = bench.freshFolder("copied");
  try {
    await source.requests();
    const copied = await bench.rclone(source, [...PEER_WORDS, folder]);
    const requests = await source.requests();
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const there = files.filter((one) => one.isFile()).length;
    if (there !== source.count) throw new Error(`rclone copied ${there} of ${source.count} objects.`);
    return { ...copied, requests };
  } finally {
    await bench.removeFolder(folder);
  }
}
