/**
 * What a signal holds inside itself, also of signals that depend on it: those are not among its listeners. Node's own
 * collections are no `Set` of this realm.
 */
export function countKept(signal: AbortSignal): number {
  const inside = Object.getOwnPropertySymbols(signal).map((symbol) => Reflect.get(signal, symbol));
  return inside.reduce((sum, kept) => sum + (Number(kept?.size) || 0), 0);
}
