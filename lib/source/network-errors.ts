type Sentence = (host: string) => string;

const noName: Sentence = (host) =>
  `The name "${host}" cannot be found; check the endpoint for typing errors.`;
const noAnswer: Sentence = (host) =>
  `"${host}" does not answer in time; check the endpoint, its port and the firewall.`;
const noRoute: Sentence = (host) =>
  `There is no way through the network to "${host}"; check the endpoint and the firewall.`;
const refused: Sentence = (host) => `"${host}" refuses the connection; check the endpoint and its port.`;
const broken: Sentence = (host) =>
  `"${host}" broke the connection off; check the endpoint, and https against http.`;
const untrusted: Sentence = (host) =>
  `The certificate of "${host}" is not signed by an authority that this server trusts; give the connection that authority's certificate, or all of Sluice with NODE_EXTRA_CA_CERTS.`;
const wrongName: Sentence = (host) => `The certificate of "${host}" is for another name; check the endpoint.`;
const outOfDate: Sentence = (host) => `The certificate of "${host}" has expired or is not valid yet.`;
const noTls: Sentence = (host) =>
  `"${host}" does not speak TLS as asked; check https against http, and the port.`;

/** Node's codes for what goes wrong before an answer. */
const SENTENCES: ReadonlyMap<string, Sentence> = new Map(
  Object.entries<Sentence>({
    ENOTFOUND: noName,
    EAI_AGAIN: noName,
    EAI_FAIL: noName,
    ETIMEDOUT: noAnswer,
    ESOCKETTIMEDOUT: noAnswer,
    TimeoutError: noAnswer,
    ECONNREFUSED: refused,
    EHOSTUNREACH: noRoute,
    ENETUNREACH: noRoute,
    EADDRNOTAVAIL: noRoute,
    ECONNRESET: broken,
    EPIPE: broken,
    SELF_SIGNED_CERT_IN_CHAIN: untrusted,
    DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
    UNABLE_TO_GET_ISSUER_CERT: untrusted,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
    ERR_TLS_CERT_ALTNAME_INVALID: wrongName,
    CERT_HAS_EXPIRED: outOfDate,
    CERT_NOT_YET_VALID: outOfDate,
    EPROTO: noTls,
  }),
);

/** Those of them that pass. The others say that the endpoint is wrong, or its certificate. */
const PASSING: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ETIMEDOUT",
  "ESOCKETTIMEDOUT",
  "TimeoutError",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "ECONNRESET",
  "EPIPE",
]);

const TIMEOUTS: ReadonlySet<string> = new Set(["ETIMEDOUT", "ESOCKETTIMEDOUT", "TimeoutError"]);

/** What kept a request from being answered, as a sentence that names the host; null for anything else. */
export function networkSentence(thrown: unknown, host: string): string | null {
  for (const code of codesOf(thrown)) {
    const sentence = SENTENCES.get(code) ?? familySentence(code);
    if (sentence !== undefined) return sentence(host);
  }
  return null;
}

/** Whether it was the network that kept a request from being answered, so that it may be sent again. */
export function isNetworkFailure(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => PASSING.has(code));
}

/** Whether it was too slow to be waited for. */
export function isTimeout(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => TIMEOUTS.has(code));
}

function familySentence(code: string): Sentence | undefined {
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) return noTls;
  if (code.startsWith("HPE_"))
    return (host) => `What answers at "${host}" does not speak HTTP; check the port, and https against http.`;
  return undefined;
}

/** The error's own code and name, then those of the errors it gathers (one for each address tried) or stems from. */
function codesOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error)) return [];
  const parts = [thrown, ...(thrown instanceof AggregateError ? thrown.errors : []), thrown.cause];
  return parts.flatMap((part: unknown) => {
    if (!(part instanceof Error)) return [];
    const code: unknown = Reflect.get(part, "code");
    return typeof code === "string" ? [code, part.name] : [part.name];
  });
}
