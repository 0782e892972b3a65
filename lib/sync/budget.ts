/** A bounded amount that work takes from and gives back, in the order of asking. */
export type Budget = {
  /**
   * Resolves with what was taken once it is free: `amount`, or the whole budget where that is less. Rejects with the
   * signal's reason, and has taken nothing, when that is aborted before.
   */
  take(amount: number, signal?: AbortSignal): Promise<number>;
  give(amount: number): void;
};

type Waiting = { amount: number; admit: () => void };

export function openBudget(total: number): Budget {
  let free = total;
  const waiting: Waiting[] = [];
  const admitNext = () => {
    for (let next = waiting[0]; next && next.amount <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.amount;
      next.admit();
    }
  };
  const waitInTurn = (amount: number, signal: AbortSignal | undefined) =>
    new Promise<number>((resolve, reject) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(signal?.reason);
        // It may have stood in the way of smaller ones.
        admitNext();
      };
      const place: Waiting = {
        amount,
        admit: () => {
          signal?.removeEventListener("abort", leave);
          resolve(amount);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting.push(place);
    });
  return {
    take: async (asked, signal) => {
      signal?.throwIfAborted();
      const amount = Math.min(asked, total);
      if (waiting.length > 0 || amount > free) return waitInTurn(amount, signal);
      free -= amount;
      return amount;
    },
    give: (amount) => {
      free += amount;
      admitNext();
    },
  };
}
