/** Epoch milliseconds. Handed in below the doors, so that tests own the time. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
