import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { KEYS_LISTED_DEFAULT, KEYS_LISTED_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { demandConnection, failureView, getRunRow } from "./internal";
import type { FailurePage } from "./schema";

type Page = { afterKey?: string; limit?: number };

/** What failed in one run, as it was then. Throws `not_found`, also when the run is of another connection. */
export async function listRunFailures(args: {
  actor: Actor;
  tx: Tx;
  input: { runId: string; connectionId?: string } & Page;
}): Promise<FailurePage> {
  demandFullAccess(args.actor, "Failures");
  const { runId, connectionId, afterKey, limit } = args.input;
  await getRunRow(args.tx, { id: runId, connectionId });
  return pageOf(limit, async (take) => {
    const rows = await args.tx.prisma.runChange.findMany({
      where: { runId, kind: "failed", key: { gt: afterKey ?? "" } },
      orderBy: { key: "asc" },
      take,
    });
    return rows.map(failureView);
  });
}

/** What of a connection is failed now, whichever run met it. Throws `not_found`. */
export async function listConnectionFailures(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string } & Page;
}): Promise<FailurePage> {
  demandFullAccess(args.actor, "Failures");
  const { connectionId, afterKey, limit } = args.input;
  await demandConnection(args.tx, connectionId);
  return pageOf(limit, async (take) => {
    const rows = await args.tx.prisma.sourceObject.findMany({
      where: { connectionId, outcome: "failed", key: { gt: afterKey ?? "" } },
      orderBy: { key: "asc" },
      take,
    });
    return rows.map((row) => failureView({ ...row, attempt: row.attempts }));
  });
}

/** One row more than the page tells whether there is another. */
async function pageOf(
  limit: number | undefined,
  read: (take: number) => Promise<FailurePage["failures"]>,
): Promise<FailurePage> {
  const size = Math.min(limit ?? KEYS_LISTED_DEFAULT, KEYS_LISTED_MAX);
  const rows = await read(size + 1);
  const failures = rows.slice(0, size);
  return { failures, nextAfterKey: rows.length > size ? (failures.at(-1)?.key ?? null) : null };
}
