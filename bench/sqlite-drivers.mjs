/**
 * Compares two SQLite drivers on Sluice's own bulk statements, and kills a writer at random moments on each.
 *
 *     node bench/sqlite-drivers.mjs [--libsql FOLDER] [--better-sqlite3 FOLDER] [--rounds 20] [--kills 20]
 *
 * FOLDER is where the package stands, when it is not installed here. The statements are those of `lib/db/sql`,
 * bundled once for each driver, with the settings of `openSqliteHandle`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { killWriters } from "./sqlite-drivers-kill.mjs";
import { openDriver } from "./sqlite-drivers-open.mjs";
import { documents, keyOf, objects, search } from "./sqlite-drivers-rows.mjs";

const DRIVERS = ["libsql", "better-sqlite3"];
const LEASE = { runId: "run", connectionId: "connection", leaseToken: "lease" };
const WARM_UP_ROUNDS = 2;

/** What one round does, in this order. `isBulk` steps are in the sum that decides. */
const STEPS = [
  {
    name: "upsertObjects, 1,000 new",
    isBulk: true,
    work: (d, r) => d.statements.upsertObjects(d, "connection", objects(r, 1_000, "a")),
  },
  {
    name: "upsertObjects, 1,000 changed",
    isBulk: true,
    work: (d, r) => d.statements.upsertObjects(d, "connection", objects(r, 1_000, "b")),
  },
  {
    name: "readManifestWindow, 1,000 rows",
    isBulk: true,
    work: (d, r) =>
      d.statements.readManifestWindow(d, LEASE, { afterKey: keyOf(r, -1), untilKey: null, countMax: 1_000 }),
  },
  { name: "stillQueued + recordObjectOutcomes, 100", isBulk: true, work: recordOutcomes },
  {
    name: "storeDocuments, 100 x 2 KB new",
    isBulk: true,
    work: (d, r) => d.statements.storeDocuments(d, documents(r, 100), r),
  },
  {
    name: "storeDocuments, 100 x 2 KB replaced",
    isBulk: true,
    work: (d, r) => d.statements.storeDocuments(d, documents(r, 100), r + 1),
  },
  {
    name: "deleteChunks, 100 documents",
    isBulk: true,
    work: (d, r) =>
      d.statements.deleteChunks(
        d.sql,
        documents(r, 100).map((one) => one.id),
      ),
  },
  {
    name: "insertChunks, 100 documents",
    isBulk: true,
    work: (d, r) =>
      d.statements.insertChunks(
        d.sql,
        documents(r, 100).map((one) => ({ ...one, documentId: one.id, firstPosition: 0, phase: "live" })),
      ),
  },
  {
    name: "findCandidates, two words",
    isBulk: false,
    work: (d, r) => d.statements.findCandidates(d.sql, search(r)),
  },
  {
    name: "one row, one transaction",
    isBulk: false,
    work: (d, r) => d.statements.upsertObjects(d, "connection", objects(r, 1, "c")),
  },
];

async function recordOutcomes(driver, round) {
  const outcomes = objects(round, 100, "b").map((object) => ({
    ...object,
    outcome: "stored",
    attempts: 0,
    nextTryAt: null,
    storedTags: "bench",
    extractorVersion: 1,
  }));
  await driver.statements.stillQueued(
    driver,
    LEASE,
    outcomes.map((outcome) => outcome.key),
  );
  await driver.statements.recordObjectOutcomes(driver, LEASE, outcomes);
}

await main();

async function main() {
  const { values } = parseArgs({
    options: {
      libsql: { type: "string" },
      "better-sqlite3": { type: "string" },
      rounds: { type: "string", default: "20" },
      kills: { type: "string", default: "20" },
    },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "sluice-bench-"));
  try {
    const drivers = [];
    for (const name of DRIVERS) {
      const driver = await openDriver(name, values[name], folder);
      if (driver) drivers.push(driver);
    }
    printSettings(drivers);
    compareStatements(drivers, await timeStatements(drivers, Number(values.rounds)));
    for (const driver of drivers) driver.handle.close();
    for (const driver of drivers) await killWriters(driver, folder, Number(values.kills));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printSettings(drivers) {
  const settings = [
    "journal_mode",
    "synchronous",
    "foreign_keys",
    "cache_size",
    "temp_store",
    "busy_timeout",
  ];
  for (const { name, handle } of drivers) {
    const { version } = handle.prepare("SELECT sqlite_version() AS version").get();
    const read = settings.map((setting) => {
      const row = handle.prepare(`PRAGMA ${setting}`).get();
      return `${setting}=${row[setting] ?? row.timeout}`;
    });
    console.log(`${name}: SQLite ${version}, ${read.join(" ")}`);
  }
}

/** Milliseconds of each step, by driver; the drivers take turns at going first. */
async function timeStatements(drivers, rounds) {
  const times = drivers.map(() => STEPS.map(() => []));
  for (let round = 0; round < rounds + WARM_UP_ROUNDS; round++) {
    for (const [at, step] of STEPS.entries()) {
      for (let turn = 0; turn < drivers.length; turn++) {
        const index = (round + turn) % drivers.length;
        const took = await timeTransaction(drivers[index], () => step.work(drivers[index], round));
        if (round >= WARM_UP_ROUNDS) times[index][at].push(took);
      }
    }
  }
  return times;
}

async function timeTransaction({ handle }, work) {
  const startedAt = performance.now();
  handle.exec("BEGIN IMMEDIATE");
  await work();
  handle.exec("COMMIT");
  return performance.now() - startedAt;
}

function compareStatements(drivers, times) {
  const medians = times.map((steps) => steps.map(medianOf));
  const line = (name, all) => {
    const ratio = all.length === 2 ? `${(all[0] / all[1]).toFixed(2)} x` : "";
    return [name.padEnd(42), ...all.map((ms) => ms.toFixed(2).padStart(14)), ratio.padStart(8)].join(" ");
  };
  console.log(
    [
      "\nmedian ms a transaction".padEnd(43),
      ...drivers.map(({ name }) => name.padStart(14)),
      "ratio".padStart(8),
    ].join(" "),
  );
  for (const [at, step] of STEPS.entries())
    console.log(
      line(
        step.name,
        medians.map((steps) => steps[at]),
      ),
    );
  const sums = medians.map((steps) =>
    steps.filter((_, at) => STEPS[at].isBulk).reduce((sum, ms) => sum + ms, 0),
  );
  console.log(line("sum of the bulk statements", sums));
}

function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
