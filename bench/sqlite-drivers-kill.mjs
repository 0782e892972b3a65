/** Kills a writer at random moments and looks at what it left behind. Run as a program, it is that writer. */
import { fork } from "node:child_process";
import { statSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { openMigrated } from "./sqlite-drivers-open.mjs";
import { documents, objects } from "./sqlite-drivers-rows.mjs";

const [bundle, file] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && bundle && file) await writeUntilKilled(bundle, file);

/** Kills a writer at random moments, each time on the file that the one before left, and looks at what is there. */
export async function killWriters(driver, folder, kills) {
  const file = path.join(folder, `${driver.name}-killed.db`);
  openMigrated(driver.statements, file).close();
  let lost = 0;
  let halves = 0;
  let unacknowledged = 0;
  let present = 0;
  for (let kill = 0; kill < kills; kill++) {
    const acknowledged = await writeAndKill(driver, file);
    const handle = driver.statements.openSqliteHandle(file);
    checkFile(handle);
    const written = handle
      .prepare("SELECT max(CAST(key AS INTEGER)) AS last, count(*) AS count FROM setting")
      .get();
    halves += countHalves(handle);
    present = written.count;
    lost += Math.max(0, acknowledged - written.count) + (written.last === written.count ? 0 : 1);
    if (written.last > acknowledged) unacknowledged++;
    handle.close();
  }
  const size = (statSync(file).size / 1e6).toFixed(1);
  console.log(
    `\n${driver.name}: ${kills} kills, ${present} transactions present (${size} MB), ${lost} acknowledged lost, ${halves} halves,`,
    `${unacknowledged} committed but not yet acknowledged; integrity_check, foreign_key_check and the index's own check pass`,
  );
}

/** The number of the last transaction that the writer said was committed. */
async function writeAndKill(driver, file) {
  const child = fork(import.meta.filename, [driver.bundle, file], { silent: true });
  let said = "";
  const closed = new Promise((resolve) =>
    child.once("close", (code, signal) => resolve(signal ?? `exit ${code}`)),
  );
  const started = new Promise((resolve) => {
    child.stdout.on("data", (part) => {
      said += part;
      resolve();
    });
  });
  let complaint = "";
  child.stderr.on("data", (part) => {
    complaint += part;
  });
  await Promise.race([started, closed]);
  await pause(Math.random() * 400);
  child.kill("SIGKILL");
  const end = await closed;
  if (end !== "SIGKILL") throw new Error(`${driver.name}: the writer ended by itself (${end}): ${complaint}`);
  return Number(said.trimEnd().split("\n").at(-1));
}

/** In the child. A transaction's number is written out when its COMMIT has returned. */
async function writeUntilKilled(bundle, file) {
  const statements = await import(pathToFileURL(bundle).href);
  const handle = statements.openSqliteHandle(file);
  const tx = { sql: statements.sqliteSession(handle) };
  for (let n = handle.prepare("SELECT count(*) AS count FROM setting").get().count + 1; ; n++) {
    handle.exec("BEGIN IMMEDIATE");
    await statements.upsertObjects(tx, "connection", objects(n, 50, "a"));
    await statements.storeDocuments(tx, documents(n, 5), n);
    if (n > 10) await statements.storeDocuments(tx, documents(n - 10, 5), n);
    handle.prepare("INSERT INTO setting (key, value, updated_at) VALUES (?, '', 0)").run(String(n));
    handle.exec("COMMIT");
    writeSync(1, `${n}\n`);
  }
}

function checkFile(handle) {
  const [integrity] = handle.prepare("PRAGMA integrity_check").all();
  if (integrity.integrity_check !== "ok") throw new Error(`integrity_check: ${integrity.integrity_check}`);
  if (handle.prepare("PRAGMA foreign_key_check").all().length > 0)
    throw new Error("foreign_key_check found rows");
  handle.exec("INSERT INTO chunk_index (chunk_index, rank) VALUES ('integrity-check', 1)");
}

/** Rows that are more or fewer than whole transactions would have written. */
function countHalves(handle) {
  const row = handle
    .prepare(`SELECT (SELECT count(*) FROM setting) AS transactions, (SELECT count(*) FROM object) AS objects,
      (SELECT count(*) FROM document) AS documents, (SELECT count(*) FROM document_tag) AS tags,
      (SELECT count(*) FROM chunk) AS chunks, (SELECT count(*) FROM chunk_index WHERE chunk_index MATCH 'every') AS indexed`)
    .get();
  const off = (count, each) => Math.abs(count - row.transactions * each);
  return (
    off(row.objects, 50) +
    off(row.documents, 5) +
    off(row.tags, 10) +
    off(row.chunks, 10) +
    off(row.indexed, 10)
  );
}
