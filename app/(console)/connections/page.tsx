import type { Metadata } from "next";
import { listConnections } from "@/lib/connections/list-connections";
import { currentPage } from "@/lib/http/console-page";
import { ConnectionsScreen } from "./connections-screen";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const { actor, read, now } = await currentPage();
  const connections = await read((tx) => listConnections({ actor, tx, input: {} }));
  return <ConnectionsScreen initial={connections} initialNow={now} />;
}
