import type { Tx } from "@/lib/db/database";
import { viewOf } from "./internal";
import type { ApiKeyView } from "./schema";

/** Every key, the newest first; those that are revoked stay in the list and say when. */
export async function listApiKeys(args: { tx: Tx }): Promise<ApiKeyView[]> {
  const rows = await args.tx.prisma.apiKey.findMany({ orderBy: [{ createdAt: "desc" }, { id: "asc" }] });
  return rows.map(viewOf);
}
