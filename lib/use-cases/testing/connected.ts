import { createConnection } from "@/lib/connections/create-connection";
import { type ConnectBucketInput, connectBucketInput } from "@/lib/connections/schema";
import type { Actor } from "@/lib/core/actor";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import type { RunKind } from "@/lib/rules/run-status";
import { newSecretKey, openVault, type Vault } from "@/lib/secrets/vault";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";

export const NOW = 1_790_000_000_000;
export const ADA: Actor = { kind: "person", userId: "1", email: "ada@example.com", address: null };
/** A key that sees one tag's documents and may do nothing to connections. */
export const TENANT: Actor = { kind: "api_key", keyId: "k", name: "tenant", tags: ["t"], address: null };

/** A connection on a real database, without a worker: runs wait until a test moves them. */
export type Connected = {
  database: Database;
  vault: Vault;
  connectionId: string;
  enqueue(kind: RunKind): ReturnType<typeof enqueueRun>;
  /** The connection's runs, oldest first. */
  runs(): Promise<
    { id: string; kind: string; status: string; errorCode: string | null; isCancelAsked: boolean }[]
  >;
  connection(): ReturnType<typeof readConnection>;
  /** Puts a run where a worker would have brought it. */
  moveRun(id: string, data: RunMove): Promise<void>;
  /** Actions of the audit, oldest first. */
  audit(): Promise<string[]>;
  remove(): Promise<void>;
};

type RunMove = {
  status?: "running" | "completed" | "failed" | "canceled";
  completedAt?: bigint;
  listingStartedAt?: bigint;
  listRequests?: number;
};

export async function openConnected(settings: Partial<ConnectBucketInput> = {}): Promise<Connected> {
  const { database, remove } = temporaryDatabase();
  const vault = openVault({ current: newSecretKey(), previous: null });
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "planted-secret" };
  const input = connectBucketInput.parse({ bucket: "docs", region: "us-east-1", credentials, ...settings });
  const sealedCredentials = vault.seal(JSON.stringify(input.credentials));
  const { id } = await database.transaction((tx) =>
    createConnection({
      actor: ADA,
      tx,
      now: NOW,
      input: { ...input, addressingStyle: "path", sealedCredentials, nextRunAt: NOW + 1_000 },
    }),
  );
  return {
    database,
    vault,
    connectionId: id,
    enqueue: (kind) =>
      database.transaction((tx) =>
        enqueueRun({
          tx,
          now: NOW,
          input: { connectionId: id, kind, trigger: "manual", requestedBy: "test" },
        }),
      ),
    runs: () => database.reading((tx) => readRuns(tx.prisma, id)),
    connection: () => readConnection(database, id),
    moveRun: async (runId, data) => {
      await database.transaction((tx) => tx.prisma.syncRun.update({ where: { id: runId }, data }));
    },
    audit: async () =>
      (await database.reading((tx) => tx.prisma.auditEntry.findMany({ orderBy: { at: "asc" } }))).map(
        ({ action }) => action,
      ),
    remove,
  };
}

function readConnection(database: Database, id: string) {
  return database.reading((tx) => tx.prisma.connection.findUniqueOrThrow({ where: { id } }));
}

async function readRuns(
  prisma: Parameters<Parameters<Database["reading"]>[0]>[0]["prisma"],
  connectionId: string,
) {
  const rows = await prisma.syncRun.findMany({ where: { connectionId }, orderBy: [{ queuedAt: "asc" }] });
  return rows.map(({ id, kind, status, errorCode, cancelAskedAt }) => ({
    id,
    kind,
    status,
    errorCode,
    isCancelAsked: cancelAskedAt !== null,
  }));
}
