import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { planExpiresAt, planProblem } from "@/lib/rules/plan-life";
import { runView } from "./internal";
import type { PlanCost, PlanView, RunView } from "./schema";

/** What counts as applying a plan: a run that did not get so far leaves it to another. */
const APPLYING = ["queued", "running", "completed"];

type PlanArgs = { actor: Actor; tx: Tx; input: { runId: string }; now: number };

/** A plan by its run. Throws `not_found`, also for runs that are no plan. */
export async function getPlan(args: PlanArgs): Promise<PlanView> {
  const plan = await getPlanState(args);
  // A plan may have a million lines, and nobody needs the sum of half of them.
  const cost = plan.run.status === "completed" ? await readCost(args.tx, plan.run) : null;
  return { ...plan, cost };
}

/** The same without what applying it would cost: for a transaction, in which a million lines are not gone through. */
export async function getPlanState(args: PlanArgs): Promise<Omit<PlanView, "cost">> {
  demandFullAccess(args.actor, "Plans");
  const { prisma } = args.tx;
  const row = await prisma.syncRun.findFirst({
    where: { id: args.input.runId, kind: "plan", connection: { deletedAt: null } },
    include: { connection: { select: { revision: true } } },
  });
  if (!row) throw notFound("Plan");
  const run = runView(row);
  const isCurrent = row.revision === row.connection.revision;
  const appliedBy = await prisma.syncRun.count({ where: { planRunId: row.id, status: { in: APPLYING } } });
  return {
    run,
    expiresAt: planExpiresAt(run),
    isCurrent,
    problem: planProblem({ ...run, isCurrent, isApplied: appliedBy > 0 }, args.now),
  };
}

async function readCost({ prisma }: Tx, run: RunView): Promise<PlanCost> {
  const toRead = await prisma.runChange.aggregate({
    where: { runId: run.id, kind: { in: ["added", "updated"] } },
    _sum: { sizeBytes: true },
    _count: true,
  });
  return {
    bytesToRead: Number(toRead._sum.sizeBytes ?? 0),
    requests: { list: run.listRequests, get: toRead._count },
  };
}
