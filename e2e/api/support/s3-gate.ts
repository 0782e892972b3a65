import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from "node:http";

/**
 * Stands between Sluice and the S3 server, passes everything on as it is, counts, and can close for objects: then
 * only so many more are let through, the rest wait. So a test knows what was asked of the bucket, and can act in the
 * middle of a run.
 */
export class S3Gate {
  lists = 0;
  /** Keys of the objects that were asked for. */
  objects: string[] = [];
  #left = Number.POSITIVE_INFINITY;
  #waiting: (() => void)[] = [];
  readonly #target: URL;
  readonly #server = createServer((asked, answer) => void this.#pass(asked, answer));

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The gate has no port.");
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.letThrough(Number.POSITIVE_INFINITY);
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  /** How many objects wait before the gate. */
  get waiting(): number {
    return this.#waiting.length;
  }

  letThrough(count: number): void {
    this.#left = count;
    const freed = this.#waiting.splice(0, Math.min(count, this.#waiting.length));
    this.#left -= freed.length;
    for (const pass of freed) pass();
  }

  forget(): void {
    this.lists = 0;
    this.objects = [];
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const address = new URL(asked.url ?? "/", "http://gate");
    const [, , ...key] = address.pathname.split("/");
    const isObject = asked.method === "GET" && key.join("/") !== "";
    if (isObject) {
      await this.#turn();
      this.objects.push(decodeURIComponent(key.join("/")));
    } else if (asked.method === "GET") this.lists++;
    const { hostname, port } = this.#target;
    const options = { hostname, port, method: asked.method, path: asked.url, headers: asked.headers };
    const onward = sendRequest(options, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  }

  #turn(): Promise<void> {
    if (this.#left > 0) {
      this.#left--;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
