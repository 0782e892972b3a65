import pino from "pino";
import { newId } from "@/lib/core/ids";
import { openDatabase, type Tx } from "../database";
import { placeSchema } from "./place-schema";

/** A second process on a test's database that writes one transaction after the other, without a break. */
const TRANSACTIONS_MAX = 1_000;
const HELD_MS = 30;

process.once("message", async (message) => {
  const database = openDatabase({ ...placeSchema.parse(message), log: pino({ level: "silent" }) });
  const writer = async () => {
    for (let number = 1; number <= TRANSACTIONS_MAX; number++) await database.transaction(writeForLong);
  };
  // Two at once, so that the next one always waits for its turn when one ends.
  await Promise.all([writer(), writer()]);
});

async function writeForLong({ prisma }: Tx): Promise<void> {
  await prisma.attempt.create({ data: { id: newId(), subject: "child", at: 1n } });
  const until = performance.now() + HELD_MS;
  while (performance.now() < until);
}
