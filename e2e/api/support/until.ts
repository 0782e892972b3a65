import { setTimeout as sleep } from "node:timers/promises";

const TRIES_MAX = 600;
const WAIT_MS = 100;

/** Asks again and again until the answer is something; rejects with what was waited for after a minute. */
export async function until<T>(what: string, find: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    await sleep(WAIT_MS);
  }
  throw new Error(`Waited in vain until ${what}.`);
}
