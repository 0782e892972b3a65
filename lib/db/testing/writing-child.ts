import pino from "pino";
import { z } from "zod";
import { openDatabase } from "../database";
import { writeUntil } from "./write-until";

/** A second process on a test's database. Writes as soon as it is told to, and sends what it saw. */
const argsSchema = z.object({
  dataDir: z.string(),
  name: z.string(),
  seconds: z.number(),
  transactionsMax: z.number(),
});

process.once("message", async (message) => {
  const { dataDir, ...args } = argsSchema.parse(message);
  const database = openDatabase({ dataDir, log: pino({ level: "silent" }) });
  const report = await writeUntil({ database, ...args });
  await database.close();
  process.send?.(report, () => process.disconnect());
});
