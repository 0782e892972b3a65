import { expect } from "vitest";
import type { Workbench } from "../../api/support/workbench";
import { connectTo, disconnectFrom, endedRun, searchHits } from "./connection-steps";
import { type EndState, readEndState } from "./end-state";
import { openSqliteRows } from "./rows";

/** What a run leaves behind: rows, and what a search finds for each of the fixed questions. */
export type Remains = { state: EndState; hits: Record<string, string[]> };

/** What a run that nothing disturbs makes of the bucket. The connection of this one run is removed again. */
export async function runUndisturbed(bench: Workbench, bucket: string): Promise<Remains> {
  const rows = openSqliteRows(bench.sluice.dataDir);
  try {
    const id = await connectTo(bench, bucket, {});
    const run = await endedRun(bench, id, async () => bench.sluice.output().slice(-3_000));
    expect(run).toMatchObject({ status: "completed", tally: { removed: 0, onHold: 0 } });
    const found = { state: await readEndState(rows, id), hits: await searchHits(bench) };
    await disconnectFrom(bench, rows, id);
    return found;
  } finally {
    await rows.close();
  }
}
