import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runProgram } from "../../e2e/support/programs.mjs";
import { findRclone } from "../subjects/rclone.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What figures depend on: cores, memory, and the versions of everything that takes part. */
export async function describeMachine() {
  const cpus = os.cpus();
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  return {
    sluice: version,
    commit: await firstLine("git", ["rev-parse", "--short", "HEAD"]),
    cores: cpus.length,
    processor: cpus[0]?.model.trim() ?? null,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    rclone: await findRclone(),
    ceph: await firstLine("radosgw", ["--version"]),
    loadAtStart: os.loadavg()[0],
  };
}

async function firstLine(program, args) {
  const { code, stdout } = await runProgram(program, args, {
    cwd: ROOT,
    env: process.env,
    timeoutMs: 10_000,
  });
  return code === 0 ? stdout.split("\n")[0] : null;
}
