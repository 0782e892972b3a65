import type { IncomingMessage } from "node:http";
import { LIST_ANSWER_BYTES_MAX, LIST_PAGE_KEYS_MAX, S3_ERROR_BYTES_MAX } from "@/lib/core/limits";
import { normaliseEtag, quoteEtag } from "./etag";
import { isErrorDocument, parseError, readAnswer, S3AnswerError } from "./s3-answer";
import { type Destination, exchange } from "./s3-exchange";
import { parseListing } from "./s3-listing-xml";
import type { Listing, ListRequest, ObjectRequest, OpenObject, S3Requests } from "./s3-requests";
import type { S3Signer } from "./s3-signer";
import { MalformedXml } from "./xml-reader";

/** S3 refuses signatures of another quarter of an hour; smaller differences are left alone. */
const CLOCK_SKEW_MS_MAX = 4 * 60_000;

/** The two requests, signed by the SDK's signer and otherwise our own, which costs a fraction of what the SDK takes. */
export class LeanRequests implements S3Requests {
  readonly #destination: Destination;
  /** As the header has it, with the port where it is not the scheme's own. */
  readonly #host: string;
  /** What stands before a key; ends in a slash. */
  readonly #path: string;
  /** Null where nothing is signed. */
  readonly #signer: S3Signer | null;
  readonly #now: () => number;
  /** What the store's clock is ahead of ours, once that has mattered. */
  #clockOffsetMs = 0;

  /** `url` has the bucket in it, in the host or in the path. */
  constructor(args: {
    url: URL;
    destination: Pick<Destination, "agents" | "timeouts">;
    signer: S3Signer | null;
    now: () => number;
  }) {
    const { url, destination } = args;
    this.#destination = {
      ...destination,
      isSecure: url.protocol === "https:",
      hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port,
    };
    this.#host = url.host;
    this.#path = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
    this.#signer = args.signer;
    this.#now = args.now;
  }

  async list(request: ListRequest, signal: AbortSignal): Promise<Listing> {
    const answer = await this.#send({ path: this.#path, query: listQuery(request), headers: {} }, signal);
    const { idleMs } = this.#destination.timeouts;
    const body = await readAnswer(answer, { bytesMax: LIST_ANSWER_BYTES_MAX, idleMs });
    const { headers } = answer;
    if (body === null) throw new S3AnswerError({ status: 200, headers });
    if (isErrorDocument(body)) throw new S3AnswerError({ status: 503, headers }, parseError(body));
    try {
      return parseListing(body);
    } catch (error) {
      if (error instanceof MalformedXml) throw new S3AnswerError({ status: 200, headers }, {}, error);
      throw error;
    }
  }

  async get({ key, ifMatch, range }: ObjectRequest, signal: AbortSignal): Promise<OpenObject> {
    const headers: Record<string, string> = {};
    if (ifMatch !== null) headers["if-match"] = quoteEtag(ifMatch);
    if (range !== null) headers.range = range;
    const answer = await this.#send({ path: this.#path + encodeKey(key), query: {}, headers }, signal);
    return openObject(answer);
  }

  /** Resolves with an answer that is a success. */
  async #send(
    request: { path: string; query: Record<string, string>; headers: Record<string, string> },
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { path, query } = request;
    const headers = { host: this.#host, "user-agent": "sluice", ...request.headers };
    const now = this.#now() + this.#clockOffsetMs;
    const signed = (await this.#signer?.sign({ path, query, headers, now })) ?? headers;
    const text = encodeQuery(query);
    const sent = { path: text === "" ? path : `${path}?${text}`, headers: signed };
    const answer = await exchange(this.#destination, sent, signal);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    throw await this.#refusal(answer, status);
  }

  async #refusal(answer: IncomingMessage, status: number): Promise<S3AnswerError> {
    const { idleMs } = this.#destination.timeouts;
    const { headers } = answer;
    const body = await readAnswer(answer, { bytesMax: S3_ERROR_BYTES_MAX, idleMs });
    const isClockCorrected = this.#correctClock(status, headers.date);
    return new S3AnswerError({ status, headers, isClockCorrected }, body === null ? {} : parseError(body));
  }

  /** A signature with a wrong time is refused in as many ways as there are stores; their own time is in each answer. */
  #correctClock(status: number, date: string | undefined): boolean {
    if (this.#signer === null || ![400, 401, 403].includes(status)) return false;
    const offsetMs = Date.parse(date ?? "") - this.#now();
    if (!(Math.abs(offsetMs - this.#clockOffsetMs) >= CLOCK_SKEW_MS_MAX)) return false;
    this.#clockOffsetMs = offsetMs;
    return true;
  }
}

function listQuery({ prefix, startAfter, token }: ListRequest): Record<string, string> {
  // XML cannot carry every character that a key may have.
  const query: Record<string, string> = { "list-type": "2", "encoding-type": "url" };
  query["max-keys"] = String(LIST_PAGE_KEYS_MAX);
  if (prefix !== "") query.prefix = prefix;
  if (token !== null) query["continuation-token"] = token;
  else if (startAfter !== null) query["start-after"] = startAfter;
  return query;
}

function openObject(answer: IncomingMessage): OpenObject {
  const { headers } = answer;
  const lastModified = Date.parse(headers["last-modified"] ?? "");
  const length = headers["content-length"];
  return {
    etag: normaliseEtag(headers.etag),
    lastModified: Number.isNaN(lastModified) ? null : lastModified,
    lengthBytes: length === undefined ? null : Number(length),
    contentType: headers["content-type"] ?? null,
    contentEncoding: headers["content-encoding"] ?? null,
    body: answer,
  };
}

/** Keys are encoded byte for byte, but their slashes stay; nothing is resolved, `..` is a name like any other. */
function encodeKey(key: string): string {
  return /^[\w./~-]*$/.test(key) ? key : encodeStrictly(key).replaceAll("%2F", "/");
}

function encodeQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeStrictly(value)}`)
    .join("&");
}

/** As signatures want it: all but letters, digits and `-._~`. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
