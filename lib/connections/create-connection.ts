import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";

import type { ConnectBucketInput } from "./schema";

/** A new connection with settings that were tried. Its secret comes sealed. */
export async function createConnection(args: {
  actor: Actor;
  tx: Tx;
  input: Omit<ConnectBucketInput, "credentials" | "addressingStyle"> & {
    addressingStyle: "path" | "virtual";
    sealedCredentials: string;
    nextRunAt: number | null;
  };
  now: number;
}): Promise<{ id: string }> {
  const { tx, input, now } = args;
  demandFullAccess(args.actor, "Connections");
  const id = newId();
  await tx.prisma.connection.create({
    data: {
      id,
      bucket: input.bucket,
      region: input.region,
      endpoint: input.endpoint,
      addressingStyle: input.addressingStyle,
      prefix: input.prefix,
      containerTagRegex: input.containerTagRegex,
      tagFallback: input.tagFallback,
      documentLimit: input.documentLimit,
      deletionPolicy: input.deletionPolicy,
      scheduleKind: input.schedule.kind,
      scheduleCron: input.schedule.cron,
      scheduleTimeZone: input.schedule.timeZone,
      nextRunAt: input.nextRunAt === null ? null : BigInt(input.nextRunAt),
      sealedCredentials: input.sealedCredentials,
      metadata: JSON.stringify(input.metadata),
      createdAt: BigInt(now),
      updatedAt: BigInt(now),
      tags: { create: [...new Set(input.containerTags)].map((tag, position) => ({ tag, position })) },
    },
  });
  return { id };
}
