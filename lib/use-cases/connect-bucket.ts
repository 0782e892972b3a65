import { recordAudit } from "@/lib/audit/record-audit";
import { createConnection } from "@/lib/connections/create-connection";
import type { ConnectBucketInput } from "@/lib/connections/schema";
import { type Actor, demandFullAccess, labelOf } from "@/lib/core/actor";
import type { Database, Tx } from "@/lib/db/database";
import { defaultAddressingStyle } from "@/lib/rules/addressing";
import { nextRunAt } from "@/lib/rules/schedule";
import type { Vault } from "@/lib/secrets/vault";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { type BucketCheck, checkBucket, type SourceRules } from "./check-bucket";
import { settingFacts } from "./setting-facts";

/**
 * Connects a bucket: tries the credentials for real, then in one transaction stores the connection and queues the first
 * run, which adopts the documents that an earlier one left behind. Does not wait for that run. Where the store named
 * another region than was said, that one is stored; and whether it honours If-Match, as far as the check could tell.
 *
 * Rejects with the check's error (`source_auth`, `source_denied`, `bucket_missing`, `source_unreachable`, …) or,
 * when the client has gone, with the signal's reason; then nothing is stored.
 */
export async function connectBucket(args: {
  actor: Actor;
  write: Database["transaction"];
  input: ConnectBucketInput;
  vault: Vault;
  sourceRules: SourceRules;
  signal: AbortSignal;
  now: number;
}): Promise<{ id: string; externalId: string | null }> {
  // Before anybody is asked: a key without access is no way to reach addresses through Sluice.
  demandFullAccess(args.actor, "Connections");
  const check = await checkBucket(args);
  if (check.error) throw check.error;
  args.signal.throwIfAborted();
  const { id } = await args.write((tx) => storeConnection(tx, args, check));
  return { id, externalId: check.credentials.kind === "role" ? check.credentials.externalId : null };
}

async function storeConnection(
  tx: Tx,
  args: Pick<Parameters<typeof connectBucket>[0], "actor" | "input" | "vault" | "now">,
  { credentials, foundRegion, isIfMatchHonoured }: BucketCheck,
): Promise<{ id: string }> {
  const { actor, now, vault } = args;
  const settings = {
    ...args.input,
    region: foundRegion ?? args.input.region,
    addressingStyle: args.input.addressingStyle ?? defaultAddressingStyle(args.input),
    credentialsKind: credentials.kind,
  };
  const connection = await createConnection({
    actor,
    tx,
    now,
    input: {
      ...settings,
      credentials: { kind: credentials.kind },
      sealedCredentials: vault.seal(JSON.stringify(credentials)),
      isIfMatchHonoured,
      nextRunAt: nextRunAt(settings.schedule, now, Math.random(), 0),
    },
  });
  await enqueueRun({
    tx,
    now,
    input: { connectionId: connection.id, trigger: "manual", requestedBy: labelOf(actor) },
  });
  await recordAudit(tx, {
    actor,
    now,
    action: "connection.created",
    subject: { kind: "connection", id: connection.id },
    after: settingFacts(settings),
  });
  return connection;
}
