import type { Metadata } from "next";
import { listConnections } from "@/lib/connections/list-connections";
import { currentPage } from "@/lib/http/console-page";
import { OverviewScreen } from "./overview-screen";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const { actor, read, now } = await currentPage();
  const connections = await read((tx) => listConnections({ actor, tx, input: {} }));
  return <OverviewScreen initial={connections} initialNow={now} />;
}
