import type { Fault, Rule } from "./fault-proxy";

/** Lets so many requests through and makes the rest wait, so that a test knows where in its run Sluice stands. */
export class Gate {
  passed = 0;
  #left = 0;
  #waiting: { pass: () => void; drop: (reason: Error) => void }[] = [];

  /** Every list and every object waits for its turn, and meets `rule` after it. */
  around(rule: Rule = () => null): Rule {
    return (asked) => {
      if (asked.kind === "other") return rule(asked);
      const fault = rule(asked);
      const waited: Fault = async (_, forward) => {
        await this.#turn();
        return fault === null ? forward() : fault(asked, forward);
      };
      return waited;
    };
  }

  /** From now on so many pass. Whoever waits since before is sent away: those who asked are gone. */
  open(count: number): void {
    for (const { drop } of this.#waiting.splice(0)) drop(new Error("The gate has been opened for others."));
    this.passed = 0;
    this.#left = count;
  }

  /** Lets so many more pass, those who wait first. */
  allow(count: number): void {
    const now = this.#waiting.splice(0, count);
    this.#left += count - now.length;
    this.passed += now.length;
    for (const { pass } of now) pass();
  }

  /** Lets everybody pass. */
  release(): void {
    this.allow(Number.POSITIVE_INFINITY);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #turn(): Promise<void> {
    if (this.#left > 0) {
      this.#left--;
      this.passed++;
      return Promise.resolve();
    }
    return new Promise((pass, drop) => this.#waiting.push({ pass, drop }));
  }
}
