/** Numbers as the table and the lines show them. */
export function seconds(value) {
  return value < 10 ? `${value.toFixed(2)} s` : `${value.toFixed(1)} s`;
}

/** The median of an odd number of times, and all of them where there is more than one. */
export function times(values) {
  const all = values.length > 1 ? ` (${values.map((value) => value.toFixed(2)).join(", ")})` : "";
  return `${seconds(median(values))}${all}`;
}

export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function count(value) {
  return value.toLocaleString("en-GB");
}
