import { z } from "zod";
import type { DatabasePlace } from "../database";

/** How a test tells another process where its database is. */
export const placeSchema = z.object({
  databaseUrl: z.string().nullable(),
  dataDir: z.string(),
}) satisfies z.ZodType<DatabasePlace>;
