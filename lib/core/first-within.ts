/** The first of these that weigh no more than `max` together, and one in any case. */
export function firstWithin<T>(
  items: readonly T[],
  max: number,
  weightOf: (item: T) => number,
): readonly T[] {
  let weight = 0;
  const beyond = items.findIndex((item, at) => {
    weight += weightOf(item);
    return at > 0 && weight > max;
  });
  return beyond === -1 ? items : items.slice(0, beyond);
}
