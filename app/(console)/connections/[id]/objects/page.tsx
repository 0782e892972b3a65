import type { Metadata } from "next";
import { getConnection } from "@/lib/connections/get-connection";
import { currentPage } from "@/lib/http/console-page";
import { SKIP_REASONS } from "@/lib/rules/tally";
import { OBJECT_OUTCOMES } from "@/lib/sync-runs/schema";
import { notFoundUnless } from "../../../not-found-unless";
import { ObjectsScreen } from "./objects-screen";

export const metadata: Metadata = { title: "Objects" };

type PageProps = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function ObjectsPage({ params, searchParams }: PageProps) {
  const { actor, read } = await currentPage();
  const { id } = await params;
  const asked = await searchParams;
  const connection = await notFoundUnless(read((tx) => getConnection({ actor, tx, input: { id } })));
  const outcome = OBJECT_OUTCOMES.find((one) => one === asked.outcome) ?? "stored";
  const reason = SKIP_REASONS.find((one) => one === asked.reason) ?? null;
  const initialFilter = { outcome, reason: outcome === "skipped" ? reason : null };
  return (
    <ObjectsScreen
      connection={connection}
      initialFilter={initialFilter}
      key={`${outcome} ${initialFilter.reason}`}
    />
  );
}
