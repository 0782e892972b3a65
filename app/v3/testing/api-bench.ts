import { expect } from "vitest";
import { createApiKey } from "@/lib/api-keys/create-api-key";
import { createConnection } from "@/lib/connections/create-connection";
import { connectBucketInput } from "@/lib/connections/schema";
import type { Actor } from "@/lib/core/actor";
import type { Route } from "@/lib/http/door-call";
import type { Installation } from "@/lib/http/installation";
import { temporaryInstallation } from "@/lib/http/testing/temporary-installation";

const START: Actor = { kind: "system", name: "start" };
export const NOW = 1_790_000_000_000;

/** What is sent to a route; by the key that may do everything unless told. */
export type Asked = {
  body?: unknown;
  query?: string;
  /** The end of the address, for routes that read it there. */
  end?: string;
  runId?: string;
  ref?: string;
  as?: string;
};

export type ApiBench = Awaited<ReturnType<typeof openApiBench>>;

/** An installation with one connection, and its routes as programs call them. */
export async function openApiBench() {
  const { installation, remove } = temporaryInstallation();
  const key = await makeKey(installation, null);
  const connectionId = await makeConnection(installation);
  return {
    installation,
    connectionId,
    /** Of a key that is confined to the container tag `t`. */
    tenantKey: await makeKey(installation, ["t"]),
    ask: async (route: Route<{ ref: string; runId: string }>, asked: Asked = {}) => {
      const request = new Request(`http://sluice.test/v3/${asked.end ?? ""}${asked.query ?? ""}`, {
        method: "POST",
        headers: { authorization: `Bearer ${asked.as ?? key}` },
        body: asked.body === undefined ? undefined : JSON.stringify(asked.body),
      });
      const params = { ref: asked.ref ?? connectionId, runId: asked.runId ?? "" };
      const response = await route(request, { params: Promise.resolve(params) });
      const text = await response.text();
      expect(text).not.toContain("planted-secret");
      return { status: response.status, answer: text === "" ? null : JSON.parse(text) };
    },
    remove,
  };
}

async function makeKey({ database }: Installation, tags: string[] | null): Promise<string> {
  const input = { name: `key ${tags}`, tags };
  return (await database.transaction((tx) => createApiKey({ actor: START, tx, input, now: NOW }))).key;
}

async function makeConnection({ database, vault }: Installation): Promise<string> {
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "planted-secret" };
  const input = connectBucketInput.parse({ bucket: "docs", region: "us-east-1", credentials });
  const sealedCredentials = vault.seal(JSON.stringify(input.credentials));
  const columns = { addressingStyle: "path", sealedCredentials, nextRunAt: null } as const;
  const { id } = await database.transaction((tx) =>
    createConnection({ actor: START, tx, now: NOW, input: { ...input, ...columns } }),
  );
  return id;
}
