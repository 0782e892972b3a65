import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from "node:http";
import type { S3User } from "../../support/s3-client.mjs";
import { type Answer, deliver } from "./deliver";
import { draw } from "./draw";
import { signGet } from "./sign-request";

/** A request of Sluice as a rule sees it. */
export type Asked = {
  kind: "list" | "object" | "other";
  /** Of the object asked for; "" where none is. */
  key: string;
  params: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Whether it lists everything of the connection, and not one key to see it again. */
  isScope: boolean;
  /** How many of its kind have come since the rule was set, with this one. */
  count: number;
  /** How often this very request has come since, with this time. */
  tries: number;
  /** From 0 to 1, by the seed, the request and its tries alone. */
  draw: number;
};

export type Onward = {
  /** Query parameters to send instead; null leaves one out. */
  params?: Record<string, string | null>;
  user?: S3User;
  at?: Date;
};

/** Asks the store; with anything given, signed anew by the same user, if no other is named. */
export type Forward = (onward?: Onward) => Promise<Answer>;

/** What happens to a request instead of being passed on. `break` leaves it without an answer. */
export type Fault = (asked: Asked, forward: Forward) => Promise<Answer | "break">;

/** Which fault meets a request; null passes it on. */
export type Rule = (asked: Asked) => Fault | null;

/**
 * Stands between Sluice and a real S3 server. Requests go on as they came, signature and Host included; a rule may do
 * anything to some of them. What it decides hangs on the seed and on counts, never on time.
 */
export class FaultProxy {
  /** Requests that a fault has met since the rule was set. */
  disturbed = 0;
  lists = 0;
  /** Keys of the objects that were asked for since the rule was set. */
  objects: string[] = [];
  #rule: Rule = () => null;
  #counts = { list: 0, object: 0, other: 0 };
  #tries = new Map<string, number>();
  #port = 0;
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #server = createServer((request, response) => void this.#meet(request, response));

  /** `pageKeysMax`: pages hold so many keys at most, so that a small bucket has many of them; null leaves them whole. */
  constructor(
    target: string,
    readonly users: readonly S3User[],
    readonly pageKeysMax: number | null = null,
  ) {
    this.#target = new URL(target);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(this.#port, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
    this.#port = address.port;
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From now on nothing listens there, until it is opened again. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => void this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    this.#agent.destroy();
  }

  /** Sets the rule and counts from zero; without one everything is passed on. */
  obey(rule: Rule = () => null): void {
    this.#rule = rule;
    this.disturbed = 0;
    this.lists = 0;
    this.objects = [];
    this.#counts = { list: 0, object: 0, other: 0 };
    this.#tries = new Map();
  }

  async #meet(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = this.#see(request);
    const fault = this.#rule(asked);
    if (fault !== null) this.disturbed++;
    const forward: Forward = (onward) => this.#forward(request, asked, onward ?? {});
    try {
      const answer = fault === null ? await forward() : await fault(asked, forward);
      if (answer === "break") response.socket?.resetAndDestroy();
      else await deliver(response, answer);
    } catch {
      // The store is gone, or Sluice is: either way the connection ends here.
      response.destroy();
    }
  }

  #see(request: IncomingMessage): Asked {
    const { pathname, searchParams: params } = new URL(request.url ?? "/", "http://proxy");
    const key = decodeURIComponent(pathname.split("/").slice(2).join("/"));
    const isGet = request.method === "GET";
    const kind = isGet && key !== "" ? "object" : isGet && params.has("list-type") ? "list" : "other";
    const name = `${kind} ${key} ${[...params].map((pair) => pair.join("=")).toSorted()}`;
    const tries = (this.#tries.get(name) ?? 0) + 1;
    this.#tries.set(name, tries);
    this.#counts[kind]++;
    if (kind === "list") this.lists++;
    // A single byte of one is asked for to learn how the store judges conditions.
    if (kind === "object" && request.headers.range === undefined) this.objects.push(key);
    const isScope = kind === "list" && (params.get("prefix") ?? "") === "";
    const { headers } = request;
    return { kind, key, params, headers, isScope, count: this.#counts[kind], tries, draw: draw(name, tries) };
  }

  async #forward(request: IncomingMessage, asked: Asked, onward: Onward): Promise<Answer> {
    const { pathname } = new URL(request.url ?? "/", "http://proxy");
    const params = new URLSearchParams(asked.params);
    for (const [name, value] of Object.entries(onward.params ?? {})) {
      if (value === null) params.delete(name);
      else params.set(name, value);
    }
    const isCut = asked.kind === "list" && this.pageKeysMax !== null;
    if (isCut)
      params.set(
        "max-keys",
        String(Math.min(this.pageKeysMax ?? 0, Number(params.get("max-keys") ?? 1_000))),
      );
    const isSignedAnew = isCut || Object.keys(onward).length > 0;
    if (!isSignedAnew) return this.#ask(request.method ?? "GET", request.url ?? "/", request.headers);
    const host = request.headers.host ?? "";
    const ifMatch = request.headers["if-match"];
    const headers = await signGet(
      { host, path: pathname, params, headers: ifMatch === undefined ? {} : { "if-match": ifMatch } },
      { user: onward.user ?? this.#userOf(request), at: onward.at ?? new Date() },
    );
    const query = [...params].map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    return this.#ask("GET", query === "" ? pathname : `${pathname}?${query}`, headers);
  }

  #userOf({ headers }: IncomingMessage): S3User {
    const user = this.users.find(({ accessKeyId }) =>
      headers.authorization?.includes(`Credential=${accessKeyId}/`),
    );
    if (user === undefined) throw new Error("Nobody that the proxy knows has signed this request.");
    return user;
  }

  #ask(method: string, path: string, headers: IncomingMessage["headers"]): Promise<Answer> {
    const { hostname, port } = this.#target;
    return new Promise((resolve, reject) => {
      const options = { hostname, port, method, path, headers, agent: this.#agent };
      const onward = sendRequest(options, (got) => {
        const pieces: Buffer[] = [];
        got.on("data", (piece) => pieces.push(piece));
        got.once("error", reject);
        got.once("end", () =>
          resolve({ status: got.statusCode ?? 502, headers: got.headers, body: Buffer.concat(pieces) }),
        );
      });
      onward.once("error", reject);
      onward.end();
    });
  }
}
