import type { Metadata } from "next";
import { listApiKeys } from "@/lib/api-keys/list-api-keys";
import { currentPage } from "@/lib/http/console-page";
import { ApiKeysScreen } from "./api-keys-screen";

export const metadata: Metadata = { title: "API keys" };

export default async function ApiKeysPage() {
  const { read } = await currentPage();
  return <ApiKeysScreen keys={await read((tx) => listApiKeys({ tx }))} />;
}
