import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROFILE_WRITTEN_MS_MAX } from "../bounds.mjs";

const LINES_KEPT = 25;
const LOOK_MS = 50;
const START_MS = 300;
const MICROSECONDS_PER_MS = 1_000;
/** What V8 calls time outside of any function. */
const OUTSIDE = new Set(["(idle)", "(program)", "(garbage collector)", "(root)"]);

/** Has these workers sample what they do, by the signal that `profile-preload.mjs` waits for. */
export async function startProfile(pids) {
  for (const pid of pids) process.kill(pid, "SIGUSR2");
  if (pids.length > 0) await sleep(START_MS);
}

/** Ends the sampling of these workers and tells where the time of each went, as `summarizeProfile` does. */
export async function stopProfile(folder, pids) {
  const summaries = [];
  for (const pid of pids) {
    const file = path.join(folder, `worker-${pid}.cpuprofile`);
    rmSync(file, { force: true });
    process.kill(pid, "SIGUSR2");
    const endAt = Date.now() + PROFILE_WRITTEN_MS_MAX;
    while (!existsSync(file) && Date.now() < endAt) await sleep(LOOK_MS);
    if (existsSync(file)) summaries.push(summarizeProfile(JSON.parse(readFileSync(file, "utf8"))));
  }
  return summaries;
}

/**
 * Self time by function: `{ totalMs, busyMs, rows: [{ name, ms }] }`, the most costly first. `(program)` is native
 * code outside of any function, SQLite and sockets among it.
 */
export function summarizeProfile({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const sums = new Map();
  for (const [at, id] of samples.entries()) {
    const name = names.get(id);
    sums.set(name, (sums.get(name) ?? 0) + timeDeltas[at] / MICROSECONDS_PER_MS);
  }
  const rows = [...sums].map(([name, ms]) => ({ name, ms })).sort((one, other) => other.ms - one.ms);
  const totalMs = rows.reduce((sum, { ms }) => sum + ms, 0);
  return { totalMs, busyMs: totalMs - (sums.get("(idle)") ?? 0), rows: rows.slice(0, LINES_KEPT) };
}

export function profileLines({ totalMs, busyMs, rows }) {
  const share = (ms) => `${((ms / totalMs) * 100).toFixed(1).padStart(5)} %`;
  return [
    `the worker's main thread was busy for ${Math.round(busyMs)} of ${Math.round(totalMs)} ms; self time:`,
    ...rows.map(({ name, ms }) => `${share(ms)} ${String(Math.round(ms)).padStart(7)} ms  ${name}`),
  ];
}

function nameOf({ functionName, url, lineNumber }) {
  if (OUTSIDE.has(functionName)) return functionName;
  const place = url.replace(/^.*\/node_modules\//, "").replace(/^file:\/\/.*\//, "");
  return `${functionName || "(anonymous)"} ${place}:${lineNumber + 1}`;
}
