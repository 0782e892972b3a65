/** Whoever is to be told that a signal is aborted. */
export type AbortListener = { onAbort(reason: unknown): void };

/**
 * One listener on a signal for all who want to hear of it, since a listener for each costs more than all else that a
 * small request needs besides signing and sending. None is left on the signal when nobody wants to hear of it.
 */
export class AbortWatch {
  readonly #watched = new Map<AbortSignal, Watched>();

  /** The signal is not aborted yet. */
  add(signal: AbortSignal, listener: AbortListener): void {
    const watched = this.#watched.get(signal) ?? this.#watch(signal);
    watched.listeners.add(listener);
  }

  delete(signal: AbortSignal, listener: AbortListener): void {
    const watched = this.#watched.get(signal);
    if (watched === undefined) return;
    watched.listeners.delete(listener);
    if (watched.listeners.size > 0) return;
    signal.removeEventListener("abort", watched.tell);
    this.#watched.delete(signal);
  }

  #watch(signal: AbortSignal): Watched {
    const listeners = new Set<AbortListener>();
    const tell = () => {
      for (const listener of listeners) listener.onAbort(signal.reason);
    };
    signal.addEventListener("abort", tell);
    const watched = { listeners, tell };
    this.#watched.set(signal, watched);
    return watched;
  }
}

type Watched = { listeners: Set<AbortListener>; tell: () => void };
