const PAGE_KEYS_MAX = 1_000;

/**
 * The page that a query of ListObjectsV2 asks for: `{ runs, groups, keyCount, next }`. `runs` are the objects as
 * spans of numbers [from, until), `groups` the common prefixes, `next` the number to go on with, null at the end.
 * Throws a RangeError for a token that is none of ours.
 */
export function pageOf(keys, query) {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const first = keys.countBefore(prefix);
  const end = keys.countBefore(endOf(prefix));
  const from = Math.min(Math.max(first, startOf(keys, query)), end);
  const countMax = pageLength(query);
  if (delimiter !== "") return groupedPage(keys, { from, end, countMax, prefix, delimiter });
  const until = Math.min(end, from + countMax);
  return { runs: [[from, until]], groups: [], keyCount: until - from, next: nextOf(until, end, countMax) };
}

/** As opaque to a client as a store's own. */
export function tokenOf(next) {
  return Buffer.from(`next ${next}`, "latin1").toString("base64url");
}

function pageLength(query) {
  const asked = Number(query.get("max-keys") ?? PAGE_KEYS_MAX);
  return Number.isInteger(asked) && asked >= 0 ? Math.min(asked, PAGE_KEYS_MAX) : PAGE_KEYS_MAX;
}

function startOf(keys, query) {
  const token = query.get("continuation-token");
  if (token !== null) return numberIn(token);
  const after = query.get("start-after") ?? "";
  return after === "" ? 0 : keys.countBefore(`${after}\0`);
}

function numberIn(token) {
  const found = /^next (\d+)$/.exec(Buffer.from(token, "base64url").toString("latin1"));
  if (found === null) throw new RangeError("The continuation token provided is incorrect");
  return Number(found[1]);
}

/** Keys with the delimiter behind the prefix count as one name, and all that begin with it are passed at once. */
function groupedPage(keys, { from, end, countMax, prefix, delimiter }) {
  const runs = [];
  const groups = [];
  let at = from;
  while (at < end && runs.length + groups.length < countMax) {
    const key = keys.keyOf(at);
    const found = key.indexOf(delimiter, prefix.length);
    if (found === -1) {
      runs.push([at, at + 1]);
      at += 1;
      continue;
    }
    const group = key.slice(0, found + delimiter.length);
    groups.push(group);
    at = keys.countBefore(endOf(group));
  }
  return { runs, groups, keyCount: runs.length + groups.length, next: nextOf(at, end, countMax) };
}

function nextOf(at, end, countMax) {
  return at < end && countMax > 0 ? at : null;
}

/** The first text, in byte order, after all that begin with this one: keys are ASCII. */
function endOf(prefix) {
  return prefix === "" ? "\uffff" : `${prefix}\uffff`;
}
