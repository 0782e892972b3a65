import { newId } from "@/lib/core/ids";
import { LEASE_MS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { claimRun, hasClaimableRun } from "@/lib/db/sql/claims";
import type { RunLease } from "@/lib/db/sql/run-fence";
import type { RunSettings } from "@/lib/sync/scope";
import type { Meter } from "./metered-source";

/** A run this worker may work on, with everything that was true when it was claimed. */
export type ClaimedRun = {
  lease: RunLease;
  settings: RunSettings;
  addressingStyle: "path" | "virtual";
  sealedCredentials: string;
  isUnsorted: boolean;
  /** False when the connection has changed since the run began: it is to be canceled. */
  isCurrent: boolean;
  /** What it had cost before this worker took it over. */
  meter: Meter;
};

/** Claims the run that has waited longest, if there is one. Runs whose worker died come first. */
export async function claimNextRun(args: {
  database: Database;
  workerId: string;
  now: number;
}): Promise<ClaimedRun | null> {
  const { database, workerId, now } = args;
  if (!(await database.reading((tx) => hasClaimableRun(tx, now)))) return null;
  const leaseToken = `${workerId}:${newId()}`;
  return database.transaction(async (tx) => {
    const row = await claimRun(tx, { leaseToken, leaseUntil: now + LEASE_MS, now });
    if (!row) return null;
    return claimedRunOf(tx, { runId: row.id, connectionId: row.connection_id, leaseToken }, row.revision);
  });
}

async function claimedRunOf(tx: Tx, lease: RunLease, revision: number): Promise<ClaimedRun> {
  const connection = await tx.prisma.connection.findUniqueOrThrow({
    where: { id: lease.connectionId },
    include: { tags: { orderBy: { position: "asc" } } },
  });
  const settings: RunSettings = {
    bucket: connection.bucket,
    region: connection.region,
    endpoint: connection.endpoint,
    prefix: connection.prefix,
    containerTagRegex: connection.containerTagRegex,
    tagFallback: connection.tagFallback === "skip" ? "skip" : "connection_tags",
    containerTags: connection.tags.map(({ tag }) => tag),
    documentLimit: connection.documentLimit,
    deletionPolicy: connection.deletionPolicy === "keep" ? "keep" : "remove",
  };
  const run = await tx.prisma.syncRun.update({
    where: { id: lease.runId },
    data: { settings: JSON.stringify(settings) },
    select: { listRequests: true, getRequests: true, bytesRead: true },
  });
  return {
    lease,
    settings,
    addressingStyle: connection.addressingStyle === "virtual" ? "virtual" : "path",
    sealedCredentials: connection.sealedCredentials,
    isUnsorted: connection.listingOrder === "unsorted",
    isCurrent: revision === connection.revision,
    meter: { ...run, bytesRead: Number(run.bytesRead) },
  };
}
