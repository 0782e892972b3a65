import type { Database } from "@/lib/db/database";
import { embeddedDestination } from "@/lib/destination/embedded";

/** What the worker does beside its runs, until nothing of former versions is left. */
export async function tidyAll({ reading, transaction }: Database): Promise<void> {
  while (await embeddedDestination.tidy(reading, transaction));
}
