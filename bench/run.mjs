/**
 * `npm run bench`: Sluice, as `npm start` runs it, beside rclone on the same sources and the same machine, in one
 * go. Prints a table and writes `bench/results.json`. docs/benchmark.md says what each measure means.
 *
 *     npm run bench -- [--quick] [--only NAME,…] [--keys 1000000] [--repeats 3] [--keep FOLDER] [--profile]
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build, needsBuild } from "../lib/commands/build.mjs";
import { Bench } from "./bench.mjs";
import { REPEATS_DEFAULT } from "./bounds.mjs";
import { measureCeiling } from "./measures/ceiling.mjs";
import { measureFirstSyncOfPages } from "./measures/first-pages.mjs";
import { measureFirstSyncOfReal } from "./measures/first-real.mjs";
import { measureResyncOfPages } from "./measures/resync-pages.mjs";
import { measureResyncOfReal } from "./measures/resync-real.mjs";
import { measureTwoWorkers } from "./measures/two-workers.mjs";
import { describeMachine } from "./report/machine.mjs";
import { Report } from "./report/report.mjs";

const ROOT = path.resolve(import.meta.dirname, "..");
const MEASURES = {
  ceiling: measureCeiling,
  "first-pages": measureFirstSyncOfPages,
  "first-real": measureFirstSyncOfReal,
  "resync-real": measureResyncOfReal,
  "resync-pages": measureResyncOfPages,
  "two-workers": measureTwoWorkers,
};
const SIZES = { first: 20_000, fewer: 100_000, many: 1_000_000, real: 100_000, realFirst: 20_000, pdfs: 800 };
/** Enough to see that everything works; no figure of it means anything. */
const QUICK_SIZES = { first: 500, fewer: 500, many: 2_000, real: 500, realFirst: 200, pdfs: 16 };

await main();

async function main() {
  if (!existsSync("/proc/self/status"))
    throw new Error("Memory is read from /proc: this runs on Linux only.");
  const options = readOptions();
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-bench-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      // The last to act at the exit, when whatever wrote there has been killed.
      process.once("exit", removeFolder);
      process.exit(1);
    });
  }
  // What is started from here keeps its files there, too.
  process.env.TMPDIR = folder;
  // The SDK warns that it will leave Node 20 behind; package.json pins a version that has not.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const machine = await describeMachine();
  const { only, ...settings } = options;
  const report = new Report({ at: new Date().toISOString(), machine, options: settings });
  report.say(
    `Sluice ${machine.sluice} ${machine.commit ?? ""} on ${machine.cores} cores, Node ${machine.node}`,
  );
  report.say(
    machine.rclone ?? "rclone is not installed: its column stays empty. Debian's package is rclone.",
  );
  if (needsBuild(ROOT)) {
    report.say("Building Sluice; this takes about a minute.");
    await build(ROOT);
  }
  const bench = new Bench({ ...settings, report, hasRclone: machine.rclone !== null, folder });
  for (const name of only) {
    await MEASURES[name](bench).catch((thrown) => report.broken(name, thrown));
  }
  await bench.close();
  removeFolder();
  report.print();
  report.say(bench.transactionsLine);
  process.exitCode = report.hasBroken ? 1 : 0;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: Object.keys(MEASURES).join(",") },
      keys: { type: "string" },
      repeats: { type: "string" },
      keep: { type: "string" },
      profile: { type: "boolean", default: false },
    },
  });
  const only = values.only.split(",");
  const unknown = only.find((name) => !(name in MEASURES));
  if (unknown) throw new Error(`"${unknown}" is no measure. There are: ${Object.keys(MEASURES).join(", ")}.`);
  const sizes = values.quick ? QUICK_SIZES : SIZES;
  const many = values.keys === undefined ? sizes.many : Number(values.keys);
  const repeats = values.repeats === undefined ? REPEATS_DEFAULT : Number(values.repeats);
  return {
    only,
    sizes: values.keys === undefined ? sizes : { ...sizes, many, fewer: Math.ceil(many / 10) },
    isFull: !values.quick && values.keys === undefined,
    repeats: values.quick ? 1 : repeats,
    keepFolder: folderOf(values.keep),
    profileDir: values.profile ? folderOf(path.join(tmpdir(), "sluice-bench-profiles")) : null,
  };
}

function folderOf(name) {
  if (name === undefined) return null;
  const folder = path.resolve(name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
