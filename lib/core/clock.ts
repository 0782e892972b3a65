/** Epoch milliseconds. Handed in below the doors, so that tests own the time. */
export type Clock = () => number;

export const DAY_MS = 24 * 60 * 60 * 1000;

export const systemClock: Clock = () => Date.now();
