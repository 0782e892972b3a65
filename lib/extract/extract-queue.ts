import { SluiceError } from "@/lib/core/errors";
import type { ExtractArgs, ExtractedDocument } from "./extract";

/** An object that waits or is being read. Settling it twice does nothing. */
export type Waiting = {
  owner: string;
  name: string;
  bytes: Uint8Array;
  signal: AbortSignal;
  /** On the clock of `performance.now`. */
  addedAt: number;
  /** How many children ended while they had it. */
  losses: number;
  resolve(document: ExtractedDocument): void;
  reject(reason: unknown): void;
};

/** A caller that bounds its reads has far fewer waiting; more is a mistake that would fill the memory. */
export const QUEUE_OBJECTS_MAX = 20_000;
/** Small objects travel together, since a message costs more than reading one of them. */
export const BATCH_OBJECTS_MAX = 64;
export const BATCH_OBJECT_BYTES_MAX = 64 * 1024;
const BATCH_BYTES_MAX = 1024 * 1024;

/**
 * The objects that wait for a child. Their owners take turns, a batch each; of one owner the first to come is the first
 * served, and those tried again stand in front.
 */
export class ExtractQueue {
  /** By owner, in the order of their turns; whoever has nothing waiting is not there. */
  #waiting = new Map<string, Waiting[]>();
  #count = 0;
  /** What is not settled, by its signal: one listener a signal, however many objects share it. */
  #unsettled = new Map<AbortSignal, { objects: Set<Waiting>; onAbort: () => void }>();

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Since when what has waited longest does; infinite when nothing waits. */
  get waitsSince(): number {
    return Math.min(
      ...[...this.#waiting.values()].map(([first]) => first?.addedAt ?? Number.POSITIVE_INFINITY),
    );
  }

  /** Resolves or rejects when the object is settled; an abort takes it out of the queue. */
  add({ owner, name, bytes, signal }: ExtractArgs): Promise<ExtractedDocument> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#count >= QUEUE_OBJECTS_MAX) return Promise.reject(queueFull());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        owner,
        name,
        bytes,
        signal,
        addedAt: performance.now(),
        losses: 0,
        resolve: (document) => {
          this.#forget(waiting);
          resolve(document);
        },
        reject: (reason) => {
          this.#forget(waiting);
          reject(reason);
        },
      };
      this.#remember(waiting);
      this.#waitingOf(waiting.owner).push(waiting);
      this.#count++;
    });
  }

  /** Puts an object that a child was lost over in front; an aborted one is forgotten. */
  addAgain(waiting: Waiting): void {
    if (!this.#unsettled.get(waiting.signal)?.objects.has(waiting)) return;
    this.#waitingOf(waiting.owner).unshift(waiting);
    this.#count++;
  }

  /**
   * The next batch: one object that is large or was lost before, or several small ones; all of one owner. `sharedBy` is
   * the number of children: no batch takes more than its share of what waits.
   */
  take(sharedBy: number): Waiting[] {
    const [next] = this.#waiting;
    if (next === undefined) return [];
    const [owner, waiting] = next;
    const batch = waiting.splice(0, countTogether(waiting, sharedBy));
    this.#count -= batch.length;
    this.#waiting.delete(owner);
    if (waiting.length > 0) this.#waiting.set(owner, waiting);
    return batch;
  }

  #waitingOf(owner: string): Waiting[] {
    const known = this.#waiting.get(owner);
    if (known !== undefined) return known;
    const none: Waiting[] = [];
    this.#waiting.set(owner, none);
    return none;
  }

  /** Rejects what waits and what is being read. */
  rejectAll(reason: SluiceError): void {
    this.#waiting.clear();
    this.#count = 0;
    const unsettled = [...this.#unsettled.values()].flatMap(({ objects }) => [...objects]);
    for (const waiting of unsettled) waiting.reject(reason);
  }

  #remember(waiting: Waiting): void {
    const known = this.#unsettled.get(waiting.signal);
    if (known !== undefined) {
      known.objects.add(waiting);
      return;
    }
    const onAbort = () => this.#dropAborted(waiting.signal);
    waiting.signal.addEventListener("abort", onAbort);
    this.#unsettled.set(waiting.signal, { objects: new Set([waiting]), onAbort });
  }

  #forget(waiting: Waiting): void {
    const known = this.#unsettled.get(waiting.signal);
    if (known === undefined) return;
    known.objects.delete(waiting);
    if (known.objects.size > 0) return;
    waiting.signal.removeEventListener("abort", known.onAbort);
    this.#unsettled.delete(waiting.signal);
  }

  #dropAborted(signal: AbortSignal): void {
    for (const [owner, all] of [...this.#waiting]) {
      const left = all.filter((waiting) => waiting.signal !== signal);
      this.#count -= all.length - left.length;
      if (left.length > 0) this.#waiting.set(owner, left);
      else this.#waiting.delete(owner);
    }
    for (const waiting of [...(this.#unsettled.get(signal)?.objects ?? [])]) waiting.reject(signal.reason);
  }
}

function countTogether(waiting: readonly Waiting[], sharedBy: number): number {
  const countMax = Math.min(BATCH_OBJECTS_MAX, Math.ceil(waiting.length / sharedBy));
  let bytes = 0;
  let count = 0;
  for (const next of waiting.slice(0, countMax)) {
    bytes += next.bytes.length;
    const isTogether = mayShare(next) && bytes <= BATCH_BYTES_MAX;
    if (count > 0 && !isTogether) break;
    count++;
    if (!isTogether) break;
  }
  return count;
}

function mayShare({ bytes, losses }: Waiting): boolean {
  return losses === 0 && bytes.length <= BATCH_OBJECT_BYTES_MAX;
}

function queueFull(): SluiceError {
  return new SluiceError({
    code: "internal",
    effect: "retry",
    message: `More than ${QUEUE_OBJECTS_MAX} objects wait to be read; read fewer at once.`,
  });
}
