import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { type ConnectionSettings, settingsOf } from "./columns";

/** A connection's settings with its seal, and the version that a change of them is made from. */
export type StoredSettings = {
  settings: ConnectionSettings;
  sealedCredentials: string;
  updatedAt: number;
};

/** Throws `not_found`. */
export async function readSettings(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string };
}): Promise<StoredSettings> {
  demandFullAccess(args.actor, "Connections");
  const row = await args.tx.prisma.connection.findFirst({
    where: { id: args.input.id, deletedAt: null },
    include: { tags: { orderBy: { position: "asc" } } },
  });
  if (!row) throw notFound("Connection");
  const { sealedCredentials, updatedAt } = row;
  return { settings: settingsOf(row), sealedCredentials, updatedAt: Number(updatedAt) };
}
