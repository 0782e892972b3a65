import { errors } from "undici";

/**
 * undici's codes, as Node's own client would have named the same. By code alone; those of sockets, names, TLS and
 * HTTP's grammar are Node's already.
 */
const NODE_CODES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    UND_ERR_CONNECT_TIMEOUT: "ETIMEDOUT",
    UND_ERR_HEADERS_TIMEOUT: "ETIMEDOUT",
    UND_ERR_BODY_TIMEOUT: "ETIMEDOUT",
    UND_ERR_SOCKET: "ECONNRESET",
    UND_ERR_HEADERS_OVERFLOW: "HPE_HEADER_OVERFLOW",
  }),
);

/** What kept a request from its answer, under a code of Node's. */
export class ExchangeError extends Error {
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(`the exchange failed: ${code}`, { cause });
    this.code = code;
  }
}

/** The error itself, unless its code is undici's alone. */
export function asNodeError(error: Error): Error {
  const code = nodeCodeOf(error);
  return code === null || code === Reflect.get(error, "code") ? error : new ExchangeError(code, error);
}

/** Its code as Node has it, or null. */
export function nodeCodeOf(error: Error): string | null {
  const code = codeOf(error);
  return code === null ? null : (NODE_CODES.get(code) ?? code);
}

function codeOf(error: Error): string | null {
  // What is no HTTP has a class of its own, and a code for some of its reasons only.
  if (error instanceof errors.HTTPParserError) return error.code ?? "HPE_INVALID";
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : null;
}
