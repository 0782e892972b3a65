import type { CollectedBody } from "./body-pieces";
import { ExchangeError } from "./undici-errors";
import { MalformedXml, XmlReader } from "./xml-reader";

/** By names in lower case; one that came twice has its values in a list. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A header's value, or null; of one that came twice, the first. */
export function headerOf(headers: AnswerHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

export type ErrorElements = { code?: string; region?: string; endpoint?: string };

/** An answer that is no success, in the shape in which the SDK throws it and `s3-faults.ts` reads it. */
export class S3AnswerError extends Error {
  override readonly name: string;
  readonly $metadata: { httpStatusCode: number; clockSkewCorrected: boolean };
  readonly $response: { headers: AnswerHeaders };
  readonly Region: string | undefined;
  readonly Endpoint: string | undefined;

  constructor(
    answer: { status: number; headers: AnswerHeaders; isClockCorrected?: boolean },
    { code = "Unknown", region, endpoint }: ErrorElements = {},
    cause?: unknown,
  ) {
    super(`status ${answer.status}`, { cause });
    this.name = code;
    this.Region = region;
    this.Endpoint = endpoint;
    this.$metadata = {
      httpStatusCode: answer.status,
      clockSkewCorrected: answer.isClockCorrected ?? false,
    };
    this.$response = { headers: answer.headers };
  }
}

/**
 * The body of a page or of a refusal. Throws with a network's code when it did not arrive whole; null for one of more
 * bytes than any S3 sends.
 */
export function demandWhole({ bytes, ending, cause }: CollectedBody): Buffer | null {
  if (ending === "cut") throw new ExchangeError("ECONNRESET", cause);
  if (ending === "stalled") throw new ExchangeError("ETIMEDOUT", cause);
  return ending === "too_large" ? null : bytes;
}

const CODE = Buffer.from("Code");
const REGION = Buffer.from("Region");
const ENDPOINT = Buffer.from("Endpoint");
const ERROR = Buffer.from("Error");

/** What a refusal names; nothing where it is no XML. `Error` is the root, or, with some stores, inside it. */
export function parseError(body: Buffer): ErrorElements {
  if (body.length === 0) return {};
  try {
    const xml = new XmlReader(body);
    xml.enterRoot();
    return readElements(xml);
  } catch (error) {
    if (error instanceof MalformedXml) return {};
    throw error;
  }
}

function readElements(xml: XmlReader): ErrorElements {
  const elements: ErrorElements = {};
  while (xml.enter()) {
    if (xml.isNamed(CODE)) elements.code = xml.text();
    else if (xml.isNamed(REGION)) elements.region = xml.text();
    else if (xml.isNamed(ENDPOINT)) elements.endpoint = xml.text();
    else if (xml.isNamed(ERROR)) Object.assign(elements, readElements(xml));
    else xml.skip();
  }
  return elements;
}

const TAIL_BYTES = 64;

/** S3 may find out that it fails after it has sent status 200; then an error is all that the body holds. */
export function isErrorDocument(body: Buffer): boolean {
  const tail = body.toString("latin1", Math.max(0, body.length - TAIL_BYTES));
  return tail.trimEnd().endsWith("</Error>");
}
