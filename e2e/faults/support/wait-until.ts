import { setTimeout as sleep } from "node:timers/promises";

const TRIES_MAX = 900;
const WAIT_MS = 100;

/** Asks again and again until the answer is something. After a minute and a half it rejects, with what `tell` says of the state. */
export async function waitUntil<T>(
  what: string,
  find: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  tell: () => Promise<unknown> = async () => "",
): Promise<T> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    await sleep(WAIT_MS);
  }
  throw new Error(`Waited in vain until ${what}. ${JSON.stringify(await tell(), null, 1)}`);
}
