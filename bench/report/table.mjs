const COLUMNS = [
  ["measure", ({ measure }) => measure],
  ["Sluice", ({ sluice }) => sluice],
  ["peer", ({ peer }) => peer ?? ""],
  ["must reach", ({ mustReach }) => mustReach ?? ""],
  ["reached", ({ isReached }) => (isReached === null ? "" : isReached ? "yes" : "no")],
];

/** The rows as a Markdown table with aligned columns, what is odd about a row below it. */
export function table(rows) {
  const cells = rows.map((row) => COLUMNS.map(([, cellOf]) => String(cellOf(row))));
  const widths = COLUMNS.map(([name], at) => Math.max(name.length, ...cells.map((row) => row[at].length)));
  const line = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const notes = rows.flatMap(({ measure, notes }) => notes.map((note) => `- ${measure}: ${note}`));
  return [line(COLUMNS.map(([name]) => name)), rule, ...cells.map(line), "", ...notes].join("\n").trimEnd();
}
