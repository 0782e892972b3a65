import type { Metadata } from "next";
import { PageHeader } from "@/components/frame/page-header";
import { currentPage } from "@/lib/http/console-page";
import { SearchScreen } from "./search-screen";

export const metadata: Metadata = { title: "Search" };

type PageProps = { searchParams: Promise<{ q?: string | string[]; tag?: string | string[] }> };

export default async function SearchPage({ searchParams }: PageProps) {
  const { installation } = await currentPage();
  const { q, tag } = await searchParams;
  const text = (value: string | string[] | undefined) => (typeof value === "string" ? value : "");
  return (
    <>
      <PageHeader title="Search" />
      <SearchScreen initial={{ q: text(q), tag: text(tag) }} origin={installation.env.url} />
    </>
  );
}
