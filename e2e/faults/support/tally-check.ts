import { expect } from "vitest";
import { z } from "zod";
import type { WireRun, Workbench } from "../../api/support/workbench";
import type { Rows } from "./rows";

type Tally = WireRun["tally"];

const consoleRuns = z.array(z.object({ id: z.string(), status: z.string(), tally: z.unknown() }));
const runRow = z.object({ id: z.string(), status: z.string(), tally: z.string() });
const changeRow = z.object({ run_id: z.string(), kind: z.string(), n: z.coerce.number() });

/**
 * Holds for every run of the connection that the API, the console and the row show the same numbers, that those of a
 * run that is over close, with nothing left to read where it is completed, and that what it did to keys stands in as
 * many rows as it says.
 */
export async function expectNumbersClose(args: {
  bench: Workbench;
  rows: Rows;
  cookie: string;
  connectionId: string;
}): Promise<void> {
  const { bench, rows, cookie, connectionId } = args;
  const of = `connection_id = '${connectionId}'`;
  const byApi = await bench.runs(connectionId);
  const answer = await bench.fetch(`/api/console/connections/${connectionId}/runs`, { headers: { cookie } });
  const byConsole = consoleRuns.parse(await answer.json());
  const byRow = runRow.array().parse(await rows.all(`SELECT id, status, tally FROM sync_run WHERE ${of}`));
  const changes = changeRow
    .array()
    .parse(
      await rows.all(
        `SELECT run_id, kind, count(*) AS n FROM run_change WHERE run_id IN (SELECT id FROM sync_run WHERE ${of}) GROUP BY run_id, kind`,
      ),
    );
  for (const { id, status, tally } of byApi) {
    expect(byConsole.find((run) => run.id === id)?.tally).toEqual(tally);
    expect(JSON.parse(byRow.find((run) => run.id === id)?.tally ?? "null")).toEqual(tally);
    if (status === "running") continue;
    expect(sumOf(tally)).toBe(tally.listed);
    if (status === "completed") expect(tally.pending).toBe(0);
    const inRows = (kind: string) => changes.find((row) => row.run_id === id && row.kind === kind)?.n ?? 0;
    const { added, updated, retagged, failed, removed, onHold } = tally;
    expect({ added, updated, retagged, failed, removed, onHold }).toEqual({
      added: inRows("added"),
      updated: inRows("updated"),
      retagged: inRows("retagged"),
      failed: inRows("failed"),
      removed: inRows("removed"),
      onHold: inRows("on_hold"),
    });
  }
}

/** The right side of the equation. */
function sumOf(tally: Tally): number {
  const { added, updated, retagged, unchanged, skipped, overLimit, failed, pending } = tally;
  const skips = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return added + updated + retagged + unchanged + skips + overLimit + failed + pending;
}
