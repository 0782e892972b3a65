import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { firstSyncLimitMs, PHASE_MS_MAX } from "../bounds.mjs";
import { count, median, seconds, times } from "../report/words.mjs";
import { startPageServer } from "../sources/page-server.mjs";
import { inTurns } from "./in-turns.mjs";
import { demandAllStored, demandEnd, demandUnchanged } from "./proofs.mjs";

const TAG = "pages";
const PEER_WORDS = ["lsf", "-R", "--fast-list", "--files-only", "SOURCE"];
const SHARE_OF_PEER_MAX = 0.35;
const MEMORY_MB_MAX = 450;
const MEMORY_GROWTH_MB_MAX = 60;
const COST_GROWTH_MAX = 1.2;

/** Unchanged re-syncs of a large and of a ten times smaller bucket: time beside rclone's listing, memory, growth. */
export async function measureResyncOfPages(bench) {
  const { fewer, many } = bench.sizes;
  const small = await measureSize(bench, fewer);
  const large = await measureSize(bench, many);
  const judged = (isWithin) => (bench.isFull ? isWithin : null);
  const ratio = large.peer === null ? null : median(large.sluice) / median(large.peer);
  bench.report.row({
    measure: `unchanged re-sync, ${count(many)} keys, page server`,
    sluice: times(large.sluice),
    peer: large.peer && `${times(large.peer)} rclone lsf`,
    mustReach: `${SHARE_OF_PEER_MAX} times the peer${ratio === null ? "" : ` (is ${ratio.toFixed(2)})`}`,
    isReached: ratio === null ? null : judged(ratio <= SHARE_OF_PEER_MAX),
  });
  bench.report.row({
    measure: `memory of that, ${count(many)} keys`,
    sluice: `${Math.round(large.peakMb)} MB (${Math.round(large.privateMb)} MB private)`,
    peer: large.peerMb && `${Math.round(large.peerMb)} MB rclone lsf`,
    mustReach: `below ${MEMORY_MB_MAX} MB`,
    isReached: judged(large.peakMb < MEMORY_MB_MAX),
  });
  const growthMb = large.peakMb - small.peakMb;
  bench.report.row({
    measure: `memory above that of ${count(fewer)} keys`,
    sluice: `${Math.round(growthMb)} MB`,
    mustReach: `at most ${MEMORY_GROWTH_MB_MAX} MB`,
    isReached: judged(growthMb <= MEMORY_GROWTH_MB_MAX),
  });
  const growth = median(large.sluice) / many / (median(small.sluice) / fewer);
  bench.report.row({
    measure: `time a key at ${count(many)} over that at ${count(fewer)}`,
    sluice: `${growth.toFixed(2)} (${perKey(large, many)} over ${perKey(small, fewer)})`,
    mustReach: `at most ${COST_GROWTH_MAX}`,
    isReached: judged(growth <= COST_GROWTH_MAX),
  });
}

function perKey({ sluice }, keys) {
  return `${((median(sluice) / keys) * 1e6).toFixed(2)} µs`;
}

/** Times of both for one size, in seconds, and the highest memory of a re-sync. */
async function measureSize(bench, keys) {
  const measure = `re-sync of ${count(keys)} keys`;
  bench.report.say(`\n${measure}`);
  const { source, sluice, connectionId } = await synced(bench, keys);
  try {
    // What the first run left in memory is not the re-sync's.
    await sluice.restart();
    await sluice.untilIdle(connectionId, PHASE_MS_MAX);
    const subjects = [
      { name: "Sluice", run: () => resync({ sluice, source, connectionId }) },
      bench.hasRclone ? { name: "rclone lsf", run: () => listAll(bench, source) } : null,
    ];
    const results = await inTurns(bench.repeats, subjects, (name, run) =>
      bench.report.run(measure, name, run),
    );
    const secondsOf = (runs) => runs?.map((one) => one.seconds) ?? null;
    const highest = (runs, name) => (runs ? Math.max(...runs.map(({ memory }) => memory[name])) : null);
    return {
      sluice: secondsOf(results.Sluice),
      peer: secondsOf(results["rclone lsf"]),
      peakMb: highest(results.Sluice, "peakMb"),
      privateMb: highest(results.Sluice, "privateMb"),
      peerMb: highest(results["rclone lsf"], "peakMb"),
    };
  } finally {
    await sluice.stop();
    await source.stop();
    await bench.removeFolder(sluice.dataDir);
  }
}

async function resync({ sluice, source, connectionId }) {
  await source.requests();
  const measured = await sluice.measureRun({ connectionId, tag: TAG, limitMs: PHASE_MS_MAX });
  demandUnchanged(source, demandEnd(measured, "The re-sync").run);
  return { ...measured, requests: await source.requests() };
}

async function listAll(bench, source) {
  const listed = await bench.rclone(source, PEER_WORDS);
  if (listed.lines !== source.count)
    throw new Error(`rclone listed ${listed.lines} of ${source.count} keys.`);
  return { ...listed, requests: await source.requests() };
}

/**
 * A page server of so many keys and a Sluice that has stored them all, by a first run that is measured, too; or,
 * with `--keep`, as an earlier benchmark left them. The server keeps its port, since the connection names it.
 */
async function synced(bench, keys) {
  const dataDir = bench.keptFolder(`pages-${keys}`);
  const stateFile = path.join(dataDir, "bench.json");
  const kept = bench.isKeeping ? await readState(stateFile) : null;
  // What a benchmark left that did not get to the end of its first sync is no start.
  if (kept === null) await rm(dataDir, { recursive: true, force: true });
  const source = await startPageServer({ count: keys, port: kept?.port ?? 0 });
  const sluice = bench.newSluice({ dataDir, ...(kept && { apiKey: kept.apiKey }) });
  try {
    await sluice.start();
    if (kept !== null) {
      bench.report.say("  the first sync is that of an earlier benchmark");
      return { source, sluice, connectionId: kept.connectionId };
    }
    const connectionId = await firstSync(bench, { sluice, source });
    const port = Number(new URL(source.endpoint).port);
    await writeFile(stateFile, JSON.stringify({ port, apiKey: sluice.apiKey, connectionId }));
    return { source, sluice, connectionId };
  } catch (thrown) {
    await sluice.stop();
    await source.stop();
    throw thrown;
  }
}

async function firstSync(bench, { sluice, source }) {
  const limitMs = firstSyncLimitMs(source);
  const measured = await sluice.measureFirstRun({ source, tag: TAG, limitMs });
  bench.report.run(`first sync of ${count(source.count)} keys`, "Sluice", {
    ...measured,
    requests: await source.requests(),
  });
  await demandAllStored({ sluice, source, tag: TAG, run: demandEnd(measured, "The first sync").run });
  bench.report.row({
    measure: `first sync, ${count(source.count)} small texts, page server`,
    sluice: `${seconds(measured.seconds)}, ${count(Math.round(source.count / measured.seconds))} objects/s, ${Math.round(measured.memory.peakMb)} MB`,
  });
  return measured.connectionId;
}

async function readState(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (thrown) {
    if (thrown.code === "ENOENT") return null;
    throw thrown;
  }
}
