import pino from "pino";
import { z } from "zod";
import { openDatabase } from "../database";
import { placeSchema } from "./place-schema";
import { writeUntil } from "./write-until";

/** A second process on a test's database. Writes as soon as it is told to, and sends what it saw. */
const argsSchema = z.object({
  place: placeSchema,
  name: z.string(),
  seconds: z.number(),
  transactionsMax: z.number(),
});

process.once("message", async (message) => {
  const { place, ...args } = argsSchema.parse(message);
  const database = openDatabase({ ...place, log: pino({ level: "silent" }) });
  const report = await writeUntil({ database, ...args });
  await database.close();
  process.send?.(report, () => process.disconnect());
});
