import { writeFileSync } from "node:fs";
import path from "node:path";
import { profileLines } from "../subjects/profile.mjs";
import { lineOf } from "./line.mjs";
import { table } from "./table.mjs";

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
    this.say(`  ${subject}: ${lineOf(measured)}`);
    for (const profile of measured.profiles ?? [])
      for (const line of profileLines(profile)) this.say(`    ${line}`);
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
