import type { Metadata } from "next";
import { PageHeader } from "@/components/frame/page-header";
import { listConnections } from "@/lib/connections/list-connections";
import { DOCUMENT_STATUSES } from "@/lib/documents/schema";
import { currentPage } from "@/lib/http/console-page";
import { DocumentsScreen } from "./documents-screen";

export const metadata: Metadata = { title: "Documents" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function DocumentsPage({ searchParams }: PageProps) {
  const { actor, read } = await currentPage();
  const { connection, status, text } = await searchParams;
  const connections = await read((tx) => listConnections({ actor, tx, input: {} }));
  const initialFilter = {
    connection: connections.find(({ id }) => id === connection)?.id ?? "",
    status: DOCUMENT_STATUSES.find((one) => one === status) ?? ("" as const),
    text: typeof text === "string" ? text : "",
  };
  return (
    <>
      <PageHeader title="Documents" facts="The text of every object that Sluice keeps in step." />
      <DocumentsScreen connections={connections} initialFilter={initialFilter} />
    </>
  );
}
