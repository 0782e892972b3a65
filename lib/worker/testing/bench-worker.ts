import pino from "pino";
import { tokenize } from "@/lib/analyze/tokens";
import { createConnection } from "@/lib/connections/create-connection";
import { type ConnectBucketInput, connectBucketInput } from "@/lib/connections/schema";
import type { Actor } from "@/lib/core/actor";
import type { Clock } from "@/lib/core/clock";
import { RUN_CHANGES_KEPT_DAYS, RUNS_KEPT_DAYS } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { embeddedDestination } from "@/lib/destination/embedded";
import { canReadNow, type ExtractedDocument } from "@/lib/extract/extract";
import type { ObjectSource } from "@/lib/source/source";
import { embeddedQueue } from "../batch-queue";
import { localStores } from "../batch-stores";
import type { ClaimedConnection } from "../claimed-connection";
import { openSources } from "../open-sources";
import type { WorkerDeps } from "../worker";
import { pacedSource } from "./paced-source";

export const TESTER: Actor = { kind: "system", name: "worker" };

/** A worker over a real database, whose buckets and texts are the test's. */
export function benchWorker(
  database: Database,
  sourceOf: (connection: ClaimedConnection) => ObjectSource,
  args: { now: Clock; extract?: (name: string, text: string) => ExtractedDocument },
): WorkerDeps {
  const { now, extract = asText } = args;
  const random = () => 0.5;
  return {
    database,
    destination: embeddedDestination,
    stores: localStores({ database, destination: embeddedDestination, now }),
    extractor: {
      extract: async ({ name, bytes }) => extract(name, Buffer.from(bytes).toString("utf8")),
      close: async () => {},
    },
    canReadNow,
    sources: openSources({
      open: (connection, pace) => pacedSource(() => sourceOf(connection), pace),
      random,
    }),
    queue: embeddedQueue(),
    keep: { changes: RUN_CHANGES_KEPT_DAYS, runs: RUNS_KEPT_DAYS },
    log: pino({ level: "silent" }),
    hasTime: () => true,
    now,
    random,
  };
}

/** A connection as the console makes it; resolves with its id. */
export async function connectBench(
  database: Database,
  settings: Partial<ConnectBucketInput>,
  now: number,
): Promise<string> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const input = connectBucketInput.parse({ bucket: "bench", region: "us-east-1", credentials, ...settings });
  const { id } = await database.transaction((tx) =>
    createConnection({
      actor: TESTER,
      tx,
      now,
      input: { ...input, addressingStyle: "path", sealedCredentials: "sealed", nextRunAt: null },
    }),
  );
  return id;
}

/** The simplest extraction there is, a chunk for each form feed; "!fail" and "!unsupported" in the text ask for the other endings. */
export function asText(name: string, text: string): ExtractedDocument {
  if (text.includes("!fail"))
    return {
      outcome: "failed",
      code: "extract_failed",
      message: `${name} cannot be read.`,
      detected: "text/plain",
    };
  if (text.includes("!unsupported")) return { outcome: "unsupported", detected: "image/png" };
  const chunks = text.split("\f").map((content) => ({ content, tokens: tokenize(content) }));
  return {
    outcome: "text",
    text,
    title: null,
    type: "text",
    isCut: false,
    titleTokens: tokenize(name),
    chunks,
    areChunksCut: false,
  };
}
