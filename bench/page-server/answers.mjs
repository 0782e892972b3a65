import { pageOf, tokenOf } from "./listing.mjs";

const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const NO_BODY = Buffer.alloc(0);

/** The one bucket that there is. */
export const BUCKET = "bench";

/**
 * Answers one request from a catalogue and counts it: `{ status, headers, body }`, the body an array of buffers, and
 * `delayMs` with a page where a catalogue has one. Any credentials are fine.
 *
 *   GET /bench?list-type=2      a page                 GET /bench?location   where the bucket is
 *   GET, HEAD /bench/key        an object              HEAD /bench           that it is there
 *   POST /-/generation?…        changes a share        GET /-/counts         requests so far, by kind
 */
export function answer(catalogue, counts, request) {
  const { method } = request;
  const [path, queryText = ""] = split(request.target, "?");
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  if (bucket === "-") return administrate(catalogue, counts, { method, verb: key, queryText });
  if (method !== "GET" && method !== "HEAD") return refuse(501, "NotImplemented", "This server only reads.");
  if (bucket !== BUCKET) return refuse(404, "NoSuchBucket", "The specified bucket does not exist");
  if (key === "") return answerBucket(catalogue, counts, { method, queryText });
  counts[method === "HEAD" ? "head" : "get"]++;
  return answerObject(catalogue, decodeURIComponent(key), request);
}

function answerBucket(catalogue, counts, { method, queryText }) {
  const query = new URLSearchParams(queryText);
  if (method === "HEAD") return { status: 200, headers: { "x-amz-bucket-region": "us-east-1" }, body: [] };
  if (query.has("location")) return xml(200, [`${XML_HEAD}<LocationConstraint ${NAMESPACE}/>`]);
  if (query.get("list-type") !== "2") return refuse(501, "NotImplemented", "Only ListObjectsV2 is answered.");
  counts.list++;
  try {
    return { ...xml(200, listing(catalogue, query)), delayMs: catalogue.pageDelayMs };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return refuse(400, "InvalidArgument", thrown.message);
  }
}

/** The server's keys have no letter that `encoding-type=url` changes, so the entries stand for both. */
function listing(catalogue, query) {
  const page = pageOf(catalogue.keys, query);
  const isEncoded = query.get("encoding-type") === "url";
  const text = (value) => escapeXml(isEncoded ? encodeKey(value) : value);
  const asked = (name, element, write) =>
    query.has(name) ? `<${element}>${write(query.get(name))}</${element}>` : "";
  const head = [
    `${XML_HEAD}<ListBucketResult ${NAMESPACE}><Name>${BUCKET}</Name>`,
    `<Prefix>${text(query.get("prefix") ?? "")}</Prefix>`,
    asked("start-after", "StartAfter", text),
    asked("continuation-token", "ContinuationToken", escapeXml),
    page.next === null ? "" : `<NextContinuationToken>${tokenOf(page.next)}</NextContinuationToken>`,
    `<KeyCount>${page.keyCount}</KeyCount><MaxKeys>${query.get("max-keys") ?? 1_000}</MaxKeys>`,
    asked("delimiter", "Delimiter", text),
    isEncoded ? "<EncodingType>url</EncodingType>" : "",
    `<IsTruncated>${page.next !== null}</IsTruncated>`,
  ].join("");
  const groups = page.groups.map(
    (group) => `<CommonPrefixes><Prefix>${text(group)}</Prefix></CommonPrefixes>`,
  );
  const entries = page.runs.map(([from, until]) => catalogue.entriesOf(from, until));
  return [head, ...entries, `${groups.join("")}</ListBucketResult>`];
}

function answerObject(catalogue, key, { method, headers }) {
  const number = catalogue.keys.numberOf(key);
  if (number === null) return refuse(404, "NoSuchKey", "The specified key does not exist.");
  const etag = catalogue.etagOf(number);
  const described = {
    "content-type": catalogue.form.contentType,
    etag,
    "last-modified": catalogue.modifiedOf(number).toUTCString(),
    "accept-ranges": "bytes",
  };
  if (names(headers.get("if-match"), etag) === false) {
    return refuse(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }
  if (names(headers.get("if-none-match"), etag)) return { status: 304, headers: described, body: [] };
  const body = method === "HEAD" ? NO_BODY : catalogue.bytesOf(number);
  const length = method === "HEAD" ? catalogue.sizes[number] : body.length;
  return { status: 200, headers: { ...described, "content-length": length }, body: [body] };
}

/** Whether a condition names this ETag, with or without its quotes; null where there is no condition. */
function names(condition, etag) {
  if (condition === undefined) return null;
  return (
    condition === "*" || condition.split(/\s*,\s*/).some((one) => `"${one.replaceAll('"', "")}"` === etag)
  );
}

function administrate(catalogue, counts, { method, verb, queryText }) {
  const query = new URLSearchParams(queryText);
  if (method === "POST" && verb === "generation") {
    catalogue.change({ generation: Number(query.get("number")), share: Number(query.get("share")) });
    return json({ generation: catalogue.generation, share: catalogue.changedShare });
  }
  if (method === "GET" && verb === "counts") return json(counts);
  return refuse(404, "NotFound", "There is no such request to the server itself.");
}

function refuse(status, code, message) {
  return xml(status, [
    `${XML_HEAD}<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`,
  ]);
}

function xml(status, pieces) {
  const body = pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece, "utf8") : piece));
  return { status, headers: { "content-type": "application/xml" }, body };
}

function json(value) {
  const body = [Buffer.from(JSON.stringify(value), "utf8")];
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

function split(text, mark) {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** As stores encode keys: everything but letters, digits, `-._~` and slashes. */
function encodeKey(text) {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
