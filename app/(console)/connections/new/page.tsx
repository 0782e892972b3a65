import type { Metadata } from "next";
import { PageHeader } from "@/components/frame/page-header";
import { currentPage } from "@/lib/http/console-page";
import { NewConnectionScreen } from "./new-connection-screen";

export const metadata: Metadata = { title: "New connection" };

export default async function NewConnectionPage() {
  await currentPage();
  return (
    <>
      <PageHeader title="New connection" trail={[{ href: "/connections", label: "Connections" }]} />
      <NewConnectionScreen />
    </>
  );
}
