const COUNT = new Intl.NumberFormat("en-US");
const RATE = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const CLOCK_SLACK_MS = 15 * SECOND_MS;

export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** `1 document`, `412 documents`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Bytes in decimal units, as S3's own consoles and bills count them: `812 B`, `1.5 kB`, `42 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"] as const;
  let value = bytes;
  let unit: (typeof units)[number] = "B";
  for (const next of units) {
    unit = next;
    if (value < 999.5 || next === "TB") break;
    value /= 1_000;
  }
  const text =
    value < 10 && unit !== "B" ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value).toString();
  return `${text} ${unit}`;
}

/** A rate with three figures: `1,240`, `38.5`, `0.4`. */
export function formatRate(perSecond: number): string {
  return RATE.format(perSecond);
}

/** How long something took: `420 ms`, `1.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `1 d 4 h`. */
export function formatDuration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < SECOND_MS) return `${Math.round(span)} ms`;
  if (span < 10 * SECOND_MS) return `${(Math.floor(span / 100) / 10).toFixed(1).replace(/\.0$/, "")} s`;
  if (span < MINUTE_MS) return `${Math.floor(span / SECOND_MS)} s`;
  if (span < HOUR_MS) return twoUnits(span, MINUTE_MS, "min", SECOND_MS, "s");
  if (span < DAY_MS) return twoUnits(span, HOUR_MS, "h", MINUTE_MS, "min");
  return twoUnits(span, DAY_MS, "d", HOUR_MS, "h");
}

/** A time beside now: `just now`, `5 min ago`, `in 3 h`, `yesterday`, `12 days ago`; from 30 days on, the date. */
export function formatRelative(at: number, now: number): string {
  const away = Math.abs(now - at);
  // A page's clock ticks every few seconds: what has just happened may lie a little ahead of it.
  const isPast = at <= now + CLOCK_SLACK_MS;
  if (away < 45 * SECOND_MS) return isPast ? "just now" : "in a moment";
  if (away >= 30 * DAY_MS) return formatDate(at);
  const [count, unit] = nearest(away);
  if (unit === "days" && count === 1) return isPast ? "yesterday" : "tomorrow";
  return isPast ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}

/** The exact time with its zone, for a title: `Mon, 23 Nov 2026, 14:05:09 CET`. */
export function formatExact(at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(at);
}

export function formatDate(at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone,
  }).format(at);
}

function nearest(away: number): [number, string] {
  if (away < 59.5 * MINUTE_MS) return [Math.max(1, Math.round(away / MINUTE_MS)), "min"];
  if (away < 23.5 * HOUR_MS) return [Math.max(1, Math.round(away / HOUR_MS)), "h"];
  return [Math.max(1, Math.round(away / DAY_MS)), "days"];
}

function twoUnits(span: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const bigs = Math.floor(span / bigMs);
  const smalls = Math.floor((span % bigMs) / smallMs);
  return smalls === 0 ? `${bigs} ${big}` : `${bigs} ${big} ${smalls} ${small}`;
}
