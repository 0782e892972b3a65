"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { AttentionList } from "@/components/connections/attention-list";
import { ConnectionTable } from "@/components/connections/connection-table";
import { HoldBanner } from "@/components/connections/hold-banner";
import { NoConnections } from "@/components/connections/no-connections";
import { Announcer } from "@/components/frame/announcer";
import { PageHeader } from "@/components/frame/page-header";
import { Section } from "@/components/frame/section";
import { ButtonLink } from "@/components/ui/button-link";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { connectionsQuery } from "./_client/connection-queries";
import { useFinishedRuns } from "./_client/use-finished-runs";
import { useHoldDecision } from "./_client/use-hold-decision";
import { useNow } from "./_client/use-now";
import { useSyncNow } from "./_client/use-sync-now";

type OverviewScreenProps = { initial: ConnectionView[]; initialNow: number };

/** First what needs a person, then all connections. */
export function OverviewScreen({ initial, initialNow }: OverviewScreenProps) {
  const { data: connections } = useQuery(connectionsQuery(initial));
  const now = useNow(initialNow);
  const sync = useSyncNow();
  const decide = useHoldDecision();
  const documents = connections.reduce((sum, one) => sum + one.documentCount, 0);
  const isEmpty = connections.length === 0;
  return (
    <>
      <PageHeader
        title="Overview"
        facts={!isEmpty && `${countOf(connections.length, "connection")}, ${countOf(documents, "document")}`}
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
        <>
          <Section title="What needs you">
            <AttentionList
              connections={connections}
              holdOf={(one) => (
                <HoldBanner connection={one} onDecide={(...decided) => decide(one, ...decided)} />
              )}
            />
          </Section>
          <Section title="Connections">
            <ConnectionTable connections={connections} now={now} onSync={(one) => sync.mutate(one)} />
          </Section>
        </>
      )}
    </>
  );
}
