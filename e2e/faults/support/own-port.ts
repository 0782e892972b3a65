import { createServer } from "node:net";

/** Below the ports that the system gives to outgoing connections, of which this suite makes thousands. */
const FIRST = 20_000;
const COUNT = 10_000;
const TRIES_MAX = 200;

let offset = (process.pid * 97) % COUNT;

/** A port of 127.0.0.1 that nothing else takes between the asking and the listening. */
export async function ownPort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    offset = (offset + 1) % COUNT;
    if (await isFree(FIRST + offset)) return FIRST + offset;
  }
  throw new Error(`No port is free from ${FIRST} to ${FIRST + COUNT - 1}.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
