import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import { bigintOf, columnsOf, tagRowsOf } from "./columns";
import type { ConnectBucketInput, Credentials } from "./schema";

/** A new connection with settings that were tried. Its secret comes sealed; of the credentials only the kind is kept. */
export async function createConnection(args: {
  actor: Actor;
  tx: Tx;
  input: Omit<ConnectBucketInput, "credentials" | "addressingStyle"> & {
    addressingStyle: "path" | "virtual";
    credentials: Pick<Credentials, "kind">;
    sealedCredentials: string;
    nextRunAt: number | null;
    isIfMatchHonoured?: boolean | null;
  };
  now: number;
}): Promise<{ id: string }> {
  const { tx, input, now } = args;
  demandFullAccess(args.actor, "Connections");
  const id = newId();
  await tx.prisma.connection.create({
    data: {
      ...columnsOf({ ...input, credentialsKind: input.credentials.kind }),
      id,
      nextRunAt: bigintOf(input.nextRunAt),
      sealedCredentials: input.sealedCredentials,
      isIfMatchHonoured: input.isIfMatchHonoured ?? null,
      metadata: JSON.stringify(input.metadata),
      createdAt: BigInt(now),
      updatedAt: BigInt(now),
      tags: { create: tagRowsOf(input) },
    },
  });
  return { id };
}
