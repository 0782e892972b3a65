/** A bounded amount that work takes from and gives back, in the order of asking. */
export type Budget = {
  /**
   * Resolves with what was taken once it is free: `amount`, or the most there can be where that is less. Rejects with
   * the signal's reason, and has taken nothing, when that is aborted before.
   */
  take(amount: number, signal?: AbortSignal): Promise<number>;
  /** What `take` resolves with, taken at once where it is free and that overtakes nobody; null where one has to wait. */
  takeFree(amount: number): number | null;
  give(amount: number): void;
};

/** A budget of several owners, none of whom can use up what the others need. */
export type SharedBudget = { of(owner: string): Budget };

type Waiting = { amount: number; admit: () => void };
type Owner = { held: number; waiting: Waiting[] };

export function openBudget(total: number): Budget {
  return new Shares({ common: total, own: 0, most: total }).of("");
}

/**
 * Of the total every owner has `own` to itself, and there are never more than `ownersMax` at once; the rest is common.
 *
 *   with it an owner holds                          it is taken
 *   no more than its own                            at once, whatever others hold
 *   more than its own and half of what is common    when the owner has given back enough; nobody else waits for that
 *   anything between                                from what is common, in turn: who took or gave back last comes last,
 *                                                   and nobody overtakes the one whose turn it is
 */
export function openSharedBudget(args: { total: number; own: number; ownersMax: number }): SharedBudget {
  const common = args.total - args.own * args.ownersMax;
  return new Shares({ common, own: args.own, most: args.own + common / 2 });
}

class Shares implements SharedBudget {
  readonly #own: number;
  readonly #most: number;
  #free: number;
  /** Whoever holds or waits, in the order of their turns. */
  readonly #owners = new Map<string, Owner>();

  constructor({ common, own, most }: { common: number; own: number; most: number }) {
    this.#free = common;
    this.#own = own;
    this.#most = most;
  }

  of(id: string): Budget {
    return {
      take: async (asked, signal) => {
        signal?.throwIfAborted();
        const amount = Math.min(asked, this.#most);
        return this.#takeFree(id, amount) ?? this.#waitInTurn(id, amount, signal);
      },
      takeFree: (asked) => this.#takeFree(id, Math.min(asked, this.#most)),
      give: (amount) => {
        const owner = this.#owners.get(id);
        if (owner === undefined || amount === 0) return;
        this.#hold(id, owner, -amount);
        this.#forget(id, owner);
        this.#admitNext();
      },
    };
  }

  /** Who asks for nothing gets it, and gives it back as quickly. */
  #takeFree(id: string, amount: number): number | null {
    if (amount === 0) return 0;
    const owner = this.#owners.get(id) ?? { held: 0, waiting: [] };
    if (owner.waiting.length > 0 || owner.held + amount > this.#most) return null;
    const asked = this.#askedOfCommon(owner, amount);
    if (asked > 0 && (asked > this.#free || this.#isCommonAwaited())) return null;
    this.#hold(id, owner, amount);
    return amount;
  }

  #waitInTurn(id: string, amount: number, signal: AbortSignal | undefined): Promise<number> {
    return new Promise((resolve, reject) => {
      const owner = this.#owners.get(id) ?? { held: 0, waiting: [] };
      this.#owners.set(id, owner);
      const leave = () => {
        owner.waiting.splice(owner.waiting.indexOf(place), 1);
        this.#forget(id, owner);
        reject(signal?.reason);
        // It may have stood in the way of others.
        this.#admitNext();
      };
      let isAdmitted = false;
      const place: Waiting = {
        amount,
        admit: () => {
          isAdmitted = true;
          signal?.removeEventListener("abort", leave);
          resolve(amount);
        },
      };
      owner.waiting.push(place);
      this.#admitNext();
      // Mostly there is nothing to wait for, and listening costs more than all the rest.
      if (!isAdmitted) signal?.addEventListener("abort", leave, { once: true });
    });
  }

  #admitNext(): void {
    for (let found = this.#findNext(); found !== null; found = this.#findNext()) {
      const [id, owner, next] = found;
      owner.waiting.shift();
      this.#hold(id, owner, next.amount);
      next.admit();
    }
  }

  /** The owner whose next is admitted; null when nobody's can be. */
  #findNext(): [string, Owner, Waiting] | null {
    let isCommonAwaited = false;
    for (const [id, owner] of this.#owners) {
      const next = owner.waiting[0];
      if (next === undefined || owner.held + next.amount > this.#most) continue;
      const asked = this.#askedOfCommon(owner, next.amount);
      if (asked === 0 || (asked <= this.#free && !isCommonAwaited)) return [id, owner, next];
      isCommonAwaited = true;
    }
    return null;
  }

  /** Whether somebody waits for others; who has as much as he may have waits for himself. */
  #isCommonAwaited(): boolean {
    for (const { held, waiting } of this.#owners.values()) {
      if (waiting[0] !== undefined && held + waiting[0].amount <= this.#most) return true;
    }
    return false;
  }

  #hold(id: string, owner: Owner, amount: number): void {
    this.#free += this.#fromCommon(owner.held) - this.#fromCommon(owner.held + amount);
    owner.held += amount;
    if (this.#owners.size === 1 && this.#owners.has(id)) return;
    this.#owners.delete(id);
    this.#owners.set(id, owner);
  }

  #askedOfCommon({ held }: Owner, amount: number): number {
    return this.#fromCommon(held + amount) - this.#fromCommon(held);
  }

  #fromCommon(held: number): number {
    return Math.max(0, held - this.#own);
  }

  #forget(id: string, { held, waiting }: Owner): void {
    if (held === 0 && waiting.length === 0) this.#owners.delete(id);
  }
}
