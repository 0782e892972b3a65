import { spawn } from "node:child_process";
import path from "node:path";

/** Runs one of our dependencies' programs; shows what it printed only when it fails. */
export function runQuietly(root, program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, program), ...args], {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const printed = [];
    child.stdout.on("data", (piece) => printed.push(piece));
    child.stderr.on("data", (piece) => printed.push(piece));
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(printed));
      reject(new Error(`${path.relative("node_modules", program)} ${args.join(" ")} ended with ${code}.`));
    });
  });
}
