import { readFileSync, readlinkSync } from "node:fs";
import os from "node:os";

/**
 * Where a process id names one process: a boot of a kernel and, in it, a namespace of process ids. Machines may share a
 * host name, and so may containers. Where the system does not tell (no /proc), the host name has to do.
 */
export const PROCESS_SPACE = readProcessSpace();

function readProcessSpace(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return os.hostname();
  }
}
