import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { obtainChromium } from "./support/chromium.mjs";
import { startPostgres } from "./support/postgres-server.mjs";
import { environmentOf, startS3Server } from "./support/s3-server.mjs";
import { countPlaywright, countVitest, endRunning, killRunning, runShown } from "./support/test-step.mjs";

/**
 * `npm run verify`: types, lint and unit tests, side by side. `npm test`: everything that proves a change, which is the
 * same, then those of the unit tests that keep rows once more on PostgreSQL, tests on a real S3 server, the build, and
 * the built program from outside: its API by the published SDK, its pages in a real Chromium, and what it makes of
 * everything that goes wrong around it, on SQLite and on PostgreSQL (`npm run test:faults`).
 *
 * A step that fails does not hide the next one where that can still run. The last line is `N passed, N failed`.
 * Uses the loopback only, and apt or Docker where PostgreSQL, the S3 server or Chromium is missing.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const MINUTE_MS = 60_000;
const STEP_MAX_MS = 10 * MINUTE_MS;
/** It takes less than half of that on two cores that do nothing else. */
const FAULTS_MAX_MS = 20 * MINUTE_MS;
const BIN = {
  tsc: "node_modules/typescript/bin/tsc",
  biome: "node_modules/@biomejs/biome/bin/biome",
  vitest: "node_modules/vitest/vitest.mjs",
  playwright: "node_modules/@playwright/test/cli.js",
};

const folder = await mkdtemp(path.join(tmpdir(), "sluice-tests-"));
// What this process starts itself, such as the S3 server, keeps its files there, too.
process.env.TMPDIR = folder;
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  // The SDK warns in every process that it will leave Node 20 behind; package.json pins a version that has not.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};
const results = [];
let server = null;
let postgres = null;
let isInterrupted = false;

process.once("exit", killRunning);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void interrupt(signal));

try {
  await main();
} finally {
  await cleanUp();
}
process.exitCode = summarize();

async function main() {
  if (process.argv[2] === "faults") return faultsAlone();
  if (process.argv[2] === "verify") return verify();
  env.SLUICE_STRESS_SECONDS ??= "2";
  await verify();
  await obtainPostgres();
  await stepWith("PostgreSQL tests", postgres, () => vitest("postgres", ["--project", "postgres"]));
  const chromium = await obtain("Chromium", obtainChromium);
  await obtainS3Server();
  await stepWith("integration tests", server, () => vitest("integration", ["--project", "integration"]));
  const isBuilt = await step("build", () => single(["start.mjs", "build"]));
  await stepWith("API tests", isBuilt && server, () => vitest("api", ["--config", "e2e/vitest.config.ts"]));
  await stepWith("browser tests", isBuilt && server && chromium, () => browser(chromium));
  await stepWith("fault suite", isBuilt && server && postgres, faults);
}

/** `npm run verify`. Prisma makes the database's types; a fresh checkout has none. */
async function verify() {
  const isMade = await shown(["lib/commands/generate.mjs"]);
  await Promise.all([
    // Each checker works out the types that it meets by itself, and the unit tests have the other core.
    step("types", () => single(isMade ? [BIN.tsc, "--noEmit", "--checkers", "1"] : null)),
    step("lint", () => single([BIN.biome, "check"])),
    step("unit tests", () => vitest("unit", ["--project", "unit"])),
  ]);
}

/** `npm run test:faults` */
async function faultsAlone() {
  await obtainPostgres();
  await obtainS3Server();
  const isBuilt = await step("build", () => single(["start.mjs", "build"]));
  await stepWith("fault suite", isBuilt && server && postgres, faults);
}

async function obtainPostgres() {
  postgres = await obtain("PostgreSQL", startPostgres);
  if (postgres !== null) env.SLUICE_TEST_DATABASE_URL = postgres.url;
}

async function obtainS3Server() {
  server = await obtain("S3 server", startS3Server);
  if (server !== null) Object.assign(env, environmentOf(server));
}

function faults() {
  return vitest("faults", ["--config", "e2e/faults/vitest.config.ts"], FAULTS_MAX_MS);
}

async function vitest(name, args, timeoutMs = STEP_MAX_MS) {
  const report = `${name}.json`;
  const reporters = [
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${path.join(folder, report)}`,
  ];
  const isWell = await shown([BIN.vitest, "run", ...args, ...reporters], {}, timeoutMs);
  return countVitest(folder, report, isWell);
}

async function browser(chromium) {
  const report = "browser.json";
  const isWell = await shown([BIN.playwright, "test", "--config", "e2e/playwright.config.ts"], {
    CHROMIUM_PATH: chromium,
    PLAYWRIGHT_JSON_OUTPUT_FILE: path.join(folder, report),
  });
  return countPlaywright(folder, report, isWell);
}

/** A program whose result counts as one test. */
async function single(args) {
  const isWell = args !== null && (await shown(args));
  return { passed: isWell ? 1 : 0, failed: isWell ? 0 : 1, skipped: 0 };
}

function shown(args, more = {}, timeoutMs = STEP_MAX_MS) {
  return runShown(args, { cwd: ROOT, env: { ...env, ...more }, timeoutMs });
}

async function step(name, work) {
  if (isInterrupted) return false;
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const counts = await work();
  results.push({ name, ...counts, seconds: Math.round((Date.now() - startedAt) / 1_000) });
  return counts.failed === 0;
}

/** A step that needs something. Without it the step has failed, and says why. */
async function stepWith(name, needed, work) {
  if (needed) return step(name, work);
  results.push({
    name,
    passed: 0,
    failed: 1,
    skipped: 0,
    seconds: 0,
    note: "not run: what it needs is missing",
  });
  return false;
}

/** Something from outside. Missing, it is told here and counts with the steps that need it. */
async function obtain(name, get) {
  console.log(`\n── ${name}`);
  try {
    return await get();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return null;
  }
}

function summarize() {
  const sum = (part) => results.reduce((total, result) => total + result[part], 0);
  console.log("");
  for (const { name, passed, failed, skipped, seconds, note } of results) {
    const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
    console.log(`${name.padEnd(18)} ${note ?? counts.join(", ")} (${seconds} s)`);
  }
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") === 0 && sum("passed") > 0 ? 0 : 1;
}

async function interrupt(signal) {
  isInterrupted = true;
  console.error(`\n${signal}: ending what runs.`);
  await endRunning();
  await cleanUp();
  process.exit(1);
}

async function cleanUp() {
  await server?.stop();
  server = null;
  await postgres?.stop();
  postgres = null;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
