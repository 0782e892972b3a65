import type { Metadata } from "next";
import { getConnection } from "@/lib/connections/get-connection";
import { currentPage } from "@/lib/http/console-page";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import { CHANGE_KINDS } from "@/lib/sync-runs/schema";
import { notFoundUnless } from "../../not-found-unless";
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
      return { run, connection: await getConnection({ actor, tx, input: { id: run.connectionId } }) };
    }),
  );
  const chosen = CHANGE_KINDS.find((one) => one === kind) ?? "";
  return <RunScreen initial={found.run} connection={found.connection} kind={chosen} initialNow={now} />;
}
