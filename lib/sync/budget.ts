/** A bounded amount that work takes from and gives back, in the order of asking. */
export type Budget = {
  /** Resolves once `amount` is free. More than the whole budget waits until all of it is. */
  take(amount: number): Promise<void>;
  give(amount: number): void;
};

export function openBudget(total: number): Budget {
  let free = total;
  const waiting: { amount: number; admit: () => void }[] = [];
  const admitNext = () => {
    for (let next = waiting[0]; next && next.amount <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.amount;
      next.admit();
    }
  };
  return {
    take: (amount) =>
      new Promise((admit) => {
        waiting.push({ amount: Math.min(amount, total), admit });
        admitNext();
      }),
    give: (amount) => {
      free += Math.min(amount, total);
      admitNext();
    },
  };
}
