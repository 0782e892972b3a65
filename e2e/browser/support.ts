import type { BrowserContext } from "@playwright/test";
import { consoleCookie } from "../api/support/console-cookie";
import { testServer } from "../api/support/test-server";
import { createBucket, makeS3Client, putMany, removeBucket } from "../support/s3-client.mjs";
import { type Sluice, startSluice } from "../support/start-sluice.mjs";

export const ADMIN = { email: "ada@example.com", password: "nine quiet rivers meet" };

/** The built program for a browser, with buckets of its own on the S3 server. */
export class ConsoleBench {
  readonly server = testServer();
  readonly s3 = makeS3Client({ endpoint: this.server.endpoint, user: { ...this.server.user } });
  readonly #buckets: string[] = [];
  #cookie: string | null = null;

  private constructor(readonly sluice: Sluice) {}

  /** `isSetUp` false: nobody administers yet. */
  static async open({ isSetUp }: { isSetUp: boolean }): Promise<ConsoleBench> {
    const env = { SLUICE_ADMIN_EMAIL: ADMIN.email, SLUICE_ADMIN_PASSWORD: ADMIN.password };
    return new ConsoleBench(await startSluice({ env: isSetUp ? env : {} }));
  }

  async close(): Promise<void> {
    await this.sluice.stop();
    await this.sluice.removeData();
    for (const bucket of this.#buckets) await removeBucket(this.s3, bucket).catch(() => {});
    this.s3.destroy();
  }

  async bucket(objects: Record<string, string | Uint8Array>): Promise<string> {
    const bucket = await createBucket(this.s3, "sluice");
    this.#buckets.push(bucket);
    await this.put(bucket, objects);
    return bucket;
  }

  async put(bucket: string, objects: Record<string, string | Uint8Array>): Promise<void> {
    await putMany(this.s3, bucket, Object.entries(objects));
  }

  /** Signs a browser in without its pages; once for all, since tries are counted. */
  async signIn(context: BrowserContext): Promise<void> {
    this.#cookie ??= await consoleCookie(this.sluice.url, ADMIN.email, ADMIN.password);
    const at = this.#cookie.indexOf("=");
    const [name, value] = [this.#cookie.slice(0, at), this.#cookie.slice(at + 1)];
    await context.addCookies([{ name, value, url: this.sluice.url, httpOnly: true, sameSite: "Lax" }]);
  }

  /** The set-up link of the first start. */
  async setupLink(): Promise<string> {
    const link = /http\S+\/setup#token=\S+/.exec(await this.sluice.firstStart());
    if (link === null) throw new Error("The first start wrote no set-up link.");
    return link[0];
  }

  async api<T>(address: string, body: object): Promise<T> {
    const answer = await fetch(`${this.sluice.url}${address}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.sluice.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
