import { createServer, type RequestListener } from "node:http";
import { openS3Source } from "../s3-source";
import type { ListedObject, ObjectSource, SourceSettings } from "../source";

export type LocalStore = { settings: SourceSettings; requests: string[]; close(): Promise<void> };

/** For `describe.each`: whatever holds of one way to send requests holds of the other. */
export const BOTH_PATHS: readonly [path: string, lean: boolean][] = [
  ["the lean path", true],
  ["the SDK's path", false],
];

/** A store on the loopback that answers whatever a test wants: for answers that no well-behaved server gives. */
export async function startLocalStore(answer: RequestListener): Promise<LocalStore> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the local store has no port");
  return {
    settings: settingsAt(`http://127.0.0.1:${address.port}`),
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function settingsAt(endpoint: string): SourceSettings {
  return {
    bucket: "docs",
    region: "us-east-1",
    endpoint,
    addressingStyle: "path",
    credentials: { kind: "keys", accessKeyId: "TESTKEY", secretAccessKey: "TESTSECRET", sessionToken: null },
    caPem: null,
  };
}

type WithLocalStore = <T>(
  answer: RequestListener,
  work: (source: ObjectSource, store: LocalStore) => Promise<T>,
  options?: Partial<Parameters<typeof openS3Source>[1]>,
) => Promise<T>;

/**
 * Opens a source on such a store for one piece of work, and closes both. One attempt and no pauses unless told
 * otherwise.
 */
export function localStoreOn(lean: boolean): WithLocalStore {
  return async (answer, work, options = {}) => {
    const store = await startLocalStore(answer);
    const source = openS3Source(store.settings, {
      allowEndpoints: null,
      attemptsMax: 1,
      random: () => 0,
      lean,
      ...options,
    });
    try {
      return await work(source, store);
    } finally {
      source.close();
      await store.close();
    }
  };
}

export function listFirst(source: ObjectSource) {
  return source.listPage({ prefix: "", startAfter: null, token: null, signal: new AbortController().signal });
}

export function readListed(source: ObjectSource, changes: Partial<ListedObject> = {}, bytesMax = 1_000) {
  const object = {
    key: "a.txt",
    etag: "abc",
    sizeBytes: 5,
    lastModified: 0,
    storageClass: "STANDARD",
    ...changes,
  };
  return source.read({ object, bytesMax, signal: new AbortController().signal });
}
