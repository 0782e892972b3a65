import { seconds } from "./words.mjs";

/** One run of Sluice or of a peer on one line: time, and of Sluice what the run's row says about it. */
export function lineOf(measured) {
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
  const started = startedAt === null ? "never started" : `started after ${startedAt - queuedAt} ms`;
  return [started, ...listed, ...stages].join(", ");
}

function memoryWords({ peakMb, privateMb, parts, cpuSeconds }) {
  const by = (all, unit, digits) =>
    Object.entries(all)
      .map(([role, amount]) => `${role} ${amount.toFixed(digits)}`)
      .join(", ")
      .concat(` ${unit}`);
  const peak = `peak ${Math.round(peakMb)} MB resident (${by(parts, "MB", 0)}; ${Math.round(privateMb)} MB private)`;
  const hasCpu = Object.keys(cpuSeconds).length > 0;
  return hasCpu ? `${peak} · CPU ${by(cpuSeconds, "s", 1)}` : peak;
}

function countWords(counts) {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}
