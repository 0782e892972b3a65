import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { MEMORY_SAMPLE_MS, PROCESSES_SAMPLE_MS } from "../bounds.mjs";

const CLOCK_TICKS_PER_SECOND = 100;
const KB_PER_MB = 1_024;

/** Parts of Sluice by what their command line holds; Next.js gives its process a title of its own. */
const ROLES = [
  ["extract-child", "extraction"],
  ["worker.mjs", "worker"],
  ["start.mjs", "supervisor"],
  ["next", "web"],
];

/**
 * Watches a process and all that it starts until `stop()`, which answers, in MB, the highest sum of their resident
 * memory (`peakMb`), how it was made up (`parts`), how much of it was not shared with files (`privateMb`), and the
 * seconds of CPU that each spent meanwhile. `pids` are the roots of several trees.
 */
export function watchProcesses(...pids) {
  let family = familyOf(pids);
  const cpuBefore = new Map(family.map(({ pid }) => [pid, cpuSeconds(pid)]));
  const cpu = new Map();
  let peak = { kb: 0, privateKb: 0, parts: {} };
  const look = () => {
    const sample = memoryOf(family);
    if (sample.kb > peak.kb) peak = sample;
  };
  const count = () => {
    family = familyOf(pids);
    for (const { pid, role } of family) {
      if (role !== null) cpu.set(pid, { role, seconds: cpuSeconds(pid) - (cpuBefore.get(pid) ?? 0) });
    }
  };
  look();
  const timers = [setInterval(look, MEMORY_SAMPLE_MS), setInterval(count, PROCESSES_SAMPLE_MS)];
  return {
    stop() {
      for (const timer of timers) clearInterval(timer);
      count();
      look();
      return {
        peakMb: peak.kb / KB_PER_MB,
        privateMb: peak.privateKb / KB_PER_MB,
        parts: Object.fromEntries(Object.entries(peak.parts).map(([role, kb]) => [role, kb / KB_PER_MB])),
        cpuSeconds: sumByRole(cpu.values()),
      };
    },
  };
}

/** The processes of a role below these, as Sluice's supervisor starts them. */
export function pidsOf(role, ...pids) {
  return familyOf(pids).flatMap((one) => (one.role === role ? [one.pid] : []));
}

function familyOf(pids) {
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? (statusFields(pid)?.[1] ?? null) : null;
    if (parent !== null) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), pid]);
  }
  const found = [];
  const left = [...pids];
  while (left.length > 0) {
    const pid = left.pop();
    found.push({ pid, role: roleOf(pid) });
    left.push(...(children.get(pid) ?? []));
  }
  return found;
}

function memoryOf(family) {
  const parts = {};
  let kb = 0;
  let privateKb = 0;
  for (const { pid, role } of family) {
    if (role === null) continue;
    const status = readProc(pid, "status");
    const resident = kilobytes(status, "VmRSS");
    kb += resident;
    privateKb += kilobytes(status, "RssAnon");
    parts[role] = (parts[role] ?? 0) + resident;
  }
  return { kb, privateKb, parts };
}

function sumByRole(processes) {
  const sums = {};
  for (const { role, seconds } of processes) sums[role] = (sums[role] ?? 0) + seconds;
  return sums;
}

/** Null for a process that has gone. */
function roleOf(pid) {
  const commandLine = readProc(pid, "cmdline");
  if (commandLine === "") return null;
  return ROLES.find(([mark]) => commandLine.includes(mark))?.[1] ?? path.basename(commandLine.split("\0")[0]);
}

function cpuSeconds(pid) {
  const fields = statusFields(pid);
  return fields === null ? 0 : (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** The fields of `/proc/PID/stat` behind the name, which may hold spaces; null for a process that has gone. */
function statusFields(pid) {
  const text = readProc(pid, "stat");
  return text === "" ? null : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function kilobytes(status, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
}

function readProc(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}
