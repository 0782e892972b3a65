import { writeFileSync } from "node:fs";
import path from "node:path";
import { profileLines } from "../subjects/profile.mjs";
import { table } from "./table.mjs";
import { seconds } from "./words.mjs";

const FILE = path.resolve(import.meta.dirname, "../results.json");

/**
 * Collects what was measured, says it on the screen as it comes, and keeps `bench/results.json` up to date, so that
 * an interrupted benchmark leaves what it had.
 *
 * A row is `{ measure, sluice, peer, mustReach, isReached, notes }`: two cells of text, the target in words, whether
 * it was reached (null where the run was too small for the target, or there was nothing to compare with).
 */
export class Report {
  #rows = [];
  #runs = [];
  #head;

  constructor(head) {
    this.#head = head;
  }

  say(line) {
    console.log(line);
  }

  /** One run of Sluice or of a peer, whole. */
  run(measure, subject, measured) {
    this.#runs.push({ measure, subject, ...measured });
    this.say(`  ${subject}: ${describe(measured)}`);
    for (const profile of measured.profiles ?? []) for (const line of profileLines(profile)) this.say(`    ${line}`);
    this.#save();
  }

  row(row) {
    this.#rows.push({ peer: null, mustReach: null, isReached: null, notes: [], ...row });
    this.#save();
  }

  /** Whatever stopped a measure is its result. */
  broken(measure, thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.say(`  not measured: ${reason}`);
    this.row({ measure, sluice: "not measured", isReached: false, notes: [reason] });
  }

  print() {
    this.say(`\n${table(this.#rows)}`);
    this.say(`\nEvery run is in ${path.relative(process.cwd(), FILE)}.`);
  }

  get hasBroken() {
    return this.#rows.some(({ sluice }) => sluice === "not measured");
  }

  #save() {
    const whole = { ...this.#head, rows: this.#rows, runs: this.#runs };
    writeFileSync(FILE, `${JSON.stringify(whole, null, 2)}\n`);
  }
}

function describe(measured) {
  const { run, memory } = measured;
  const parts = [measured.seconds === null ? "not reached in time" : seconds(measured.seconds)];
  if (run) parts.push(tallyWords(run.tally), requestWords(run), stageWords(run));
  if (measured.requests) parts.push(`the source saw ${countWords(measured.requests)}`);
  if (memory) parts.push(memoryWords(memory));
  return parts.filter((part) => part !== "").join(" · ");
}

function tallyWords(tally) {
  const shown = Object.entries(tally).flatMap(([name, count]) => {
    if (typeof count === "number") return count > 0 ? [`${name} ${count}`] : [];
    const skipped = Object.values(count).reduce((sum, one) => sum + one, 0);
    return skipped > 0 ? [`${name} ${skipped}`] : [];
  });
  return shown.join(", ") || "nothing listed";
}

function requestWords({ requests, bytesRead }) {
  return `${requests.list} list and ${requests.get} get requests, ${(bytesRead / 1e6).toFixed(1)} MB read`;
}

function stageWords({ stageMs, queuedAt, startedAt, listedAt }) {
  const stages = Object.entries(stageMs).map(([stage, ms]) => `${stage} ${Math.round(ms)} ms`);
  const listed = listedAt === null ? [] : [`all listed after ${seconds((listedAt - queuedAt) / 1_000)}`];
  return [`started after ${startedAt - queuedAt} ms`, ...listed, ...stages].join(", ");
}

function memoryWords({ peakMb, privateMb, parts, cpuSeconds }) {
  const by = (all, unit, digits) =>
    Object.entries(all)
      .map(([role, amount]) => `${role} ${amount.toFixed(digits)}`)
      .join(", ")
      .concat(` ${unit}`);
  const peak = `peak ${Math.round(peakMb)} MB resident (${by(parts, "MB", 0)}; ${Math.round(privateMb)} MB private)`;
  return `${peak} · CPU ${by(cpuSeconds, "s", 1)}`;
}

function countWords(counts) {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}
