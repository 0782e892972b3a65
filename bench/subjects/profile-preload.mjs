/**
 * Loaded into every process of Sluice by `--profile`; acts in workers alone. The first SIGUSR2 starts sampling, the
 * second ends it and writes `worker-PID.cpuprofile` into BENCH_PROFILE_DIR, and so on.
 */
import { renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import path from "node:path";

const folder = process.env.BENCH_PROFILE_DIR;
if (folder && process.argv[1]?.endsWith("worker.mjs")) sampleOnSignal(folder);

function sampleOnSignal(into) {
  const file = path.join(into, `worker-${process.pid}.cpuprofile`);
  const session = new Session();
  session.connect();
  let isSampling = false;
  process.on("SIGUSR2", async () => {
    isSampling = !isSampling;
    if (isSampling) {
      await session.post("Profiler.enable");
      await session.post("Profiler.start");
      return;
    }
    const { profile } = await session.post("Profiler.stop");
    // Who waits for the file finds it whole.
    writeFileSync(`${file}.part`, JSON.stringify(profile));
    renameSync(`${file}.part`, file);
  });
}
