import type { SyncBench } from "./sync-bench";

/** What a plan says of each key. */
export function linesOf({ database }: SyncBench, planRunId: string): Promise<Record<string, string>> {
  return database.reading(async ({ prisma }) => {
    const rows = await prisma.runChange.findMany({ where: { runId: planRunId }, orderBy: { key: "asc" } });
    return Object.fromEntries(rows.map(({ key, kind }) => [key, kind]));
  });
}
