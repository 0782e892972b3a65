"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { ConnectionTable } from "@/components/connections/connection-table";
import { NoConnections } from "@/components/connections/no-connections";
import { Announcer } from "@/components/frame/announcer";
import { PageHeader } from "@/components/frame/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { connectionsQuery } from "../_client/connection-queries";
import { useFinishedRuns } from "../_client/use-finished-runs";
import { useNow } from "../_client/use-now";
import { useSyncNow } from "../_client/use-sync-now";

type ConnectionsScreenProps = { initial: ConnectionView[]; initialNow: number };

export function ConnectionsScreen({ initial, initialNow }: ConnectionsScreenProps) {
  const { data: connections } = useQuery(connectionsQuery(initial));
  const now = useNow(initialNow);
  const sync = useSyncNow();
  const isEmpty = connections.length === 0;
  return (
    <>
      <PageHeader
        title="Connections"
        facts={!isEmpty && countOf(connections.length, "bucket")}
        actions={
          !isEmpty && (
            <ButtonLink href="/connections/new" tone="primary">
              <Plus aria-hidden />
              New connection
            </ButtonLink>
          )
        }
      />
      <Announcer message={useFinishedRuns(connections)} />
      {isEmpty ? (
        <NoConnections />
      ) : (
        <ConnectionTable connections={connections} now={now} onSync={(one) => sync.mutate(one)} />
      )}
    </>
  );
}
