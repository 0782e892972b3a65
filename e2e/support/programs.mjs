import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Runs a program to its end. Never rejects: resolves to `{ code, stdout, stderr }`, code -1 when it could not run. */
export function runProgram(program, args, { cwd, env, timeoutMs }) {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX };
    execFile(program, args, options, (error, stdout, stderr) => {
      const failure = typeof error?.code === "number" ? error.code : -1;
      resolve({ code: error === null ? 0 : failure, stdout, stderr });
    });
  });
}

/** Whether a program of this name is on the PATH. */
export async function isInstalled(program) {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    try {
      await access(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      // The next folder may have it.
    }
  }
  return false;
}

/** A TCP port of 127.0.0.1 that nothing listened on a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
