import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ENDING_MS = 15_000;

/** Programs that run now; the end of the test run ends them. */
const running = new Set();

/**
 * Runs one program of a step to its end, its output shown. It leads a process group of its own, so that whatever it
 * leaves behind is ended with it. Resolves to whether it ended well.
 */
export async function runShown(args, { cwd, env, timeoutMs }) {
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  running.add(child);
  const timer = setTimeout(() => void endGroup(child), timeoutMs);
  const code = await new Promise((resolve) => {
    child.once("error", () => resolve(-1));
    child.once("exit", resolve);
  });
  clearTimeout(timer);
  running.delete(child);
  signalGroup(child, "SIGKILL");
  return code === 0;
}

/** Ends what runs, kindly first. */
export async function endRunning() {
  await Promise.all([...running].map(endGroup));
}

/** What happens when the process ends in any other way. */
export function killRunning() {
  for (const child of running) signalGroup(child, "SIGKILL");
}

async function endGroup(child) {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  signalGroup(child, "SIGTERM");
  await Promise.race([gone, sleep(ENDING_MS, null, { ref: false })]);
  signalGroup(child, "SIGKILL");
}

function signalGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

/** Vitest's report as counts. A file that could not be read or set up is a failure, though it has no failed test. */
export async function countVitest(folder, name, isWell) {
  const report = await readReport(folder, name);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  const failed = report.numFailedTests + broken.length;
  return { passed: report.numPassedTests, failed: whenIll(isWell, failed), skipped: report.numPendingTests };
}

/** Playwright's report as counts. */
export async function countPlaywright(folder, name, isWell) {
  const report = await readReport(folder, name);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky + report.errors.length;
  return { passed: expected, failed: whenIll(isWell, failed), skipped };
}

/** A program that ended badly has failed, whatever its report says. */
function whenIll(isWell, failed) {
  return isWell ? failed : Math.max(failed, 1);
}

async function readReport(folder, name) {
  try {
    return JSON.parse(await readFile(path.join(folder, name), "utf8"));
  } catch {
    return null;
  }
}
