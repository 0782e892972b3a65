import type { Tx } from "@/lib/db/database";
import { LISTING_ORDERS, type ListingOrder } from "@/lib/sync/manifest";
import { type RunSettings, runSettingsOf } from "@/lib/sync/scope";

/** A connection as a worker needs it. Its secret stays sealed until the source is opened. */
export type ClaimedConnection = {
  id: string;
  revision: number;
  settings: RunSettings;
  addressingStyle: "path" | "virtual";
  sealedCredentials: string;
  caPem: string | null;
  /** Null: nobody could tell yet. */
  isIfMatchHonoured: boolean | null;
  /** Requests a second that the store may be sent, by all workers together. */
  requestRateMax: number | null;
  listingOrder: ListingOrder;
  listingCuts: string[];
};

/** Of all its tags in order; null when the connection is gone. */
export async function findClaimedConnection(tx: Tx, id: string): Promise<ClaimedConnection | null> {
  const row = await tx.prisma.connection.findUnique({
    where: { id },
    include: { tags: { orderBy: { position: "asc" } } },
  });
  if (row === null) return null;
  return {
    id,
    revision: row.revision,
    settings: runSettingsOf(row),
    addressingStyle: row.addressingStyle === "virtual" ? "virtual" : "path",
    sealedCredentials: row.sealedCredentials,
    caPem: row.caPem,
    isIfMatchHonoured: row.isIfMatchHonoured,
    requestRateMax: row.requestRateMax,
    listingOrder: LISTING_ORDERS.find((order) => order === row.listingOrder) ?? "sorted",
    listingCuts: JSON.parse(row.listingCuts) as string[],
  };
}
