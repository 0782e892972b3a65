import type { Metadata } from "next";
import { getConnection } from "@/lib/connections/get-connection";
import { currentPage } from "@/lib/http/console-page";
import { getPlan } from "@/lib/sync-runs/get-plan";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { CHANGE_KINDS, type ChangeKind } from "@/lib/sync-runs/schema";
import { notFoundUnless } from "../../not-found-unless";
import { PlanScreen } from "./plan-screen";
import { RunScreen } from "./run-screen";

export const metadata: Metadata = { title: "Sync run" };

type PageProps = { params: Promise<{ id: string }>; searchParams: Promise<{ kind?: string | string[] }> };

export default async function RunPage({ params, searchParams }: PageProps) {
  const { actor, read, now } = await currentPage();
  const { id } = await params;
  const { kind } = await searchParams;
  const found = await notFoundUnless(
    read(async (tx) => {
      const run = await getSyncRun({ actor, tx, input: { id } });
      const connection = await getConnection({ actor, tx, input: { id: run.connectionId } });
      const plan = run.kind === "plan" ? await getPlan({ actor, tx, now, input: { runId: id } }) : null;
      return { run, connection, plan };
    }),
  );
  const chosen: ChangeKind | "" = CHANGE_KINDS.find((one) => one === kind) ?? "";
  const shared = { connection: found.connection, kind: chosen, initialNow: now };
  if (found.plan !== null) return <PlanScreen initial={found.plan} {...shared} />;
  return <RunScreen initial={found.run} {...shared} />;
}
