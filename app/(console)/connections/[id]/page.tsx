import { getConnection } from "@/lib/connections/get-connection";
import { currentPage } from "@/lib/http/console-page";
import { listSyncRuns } from "@/lib/sync-runs/list-sync-runs";
import { notFoundUnless } from "../../not-found-unless";
import { ConnectionScreen } from "./connection-screen";
import { tabOf } from "./connection-tabs";

export const metadata = { title: "Connection" };

type PageProps = { params: Promise<{ id: string }>; searchParams: Promise<{ tab?: string | string[] }> };

export default async function ConnectionPage({ params, searchParams }: PageProps) {
  const { actor, read, now, installation } = await currentPage();
  const { id } = await params;
  const { tab } = await searchParams;
  const [connection, runs] = await notFoundUnless(
    read(
      async (tx) =>
        [
          await getConnection({ actor, tx, input: { id } }),
          await listSyncRuns({ actor, tx, input: { connectionId: id } }),
        ] as const,
    ),
  );
  return (
    <ConnectionScreen
      initial={connection}
      initialRuns={runs}
      initialTab={tabOf(tab)}
      initialNow={now}
      origin={installation.env.url}
    />
  );
}
