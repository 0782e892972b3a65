import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { DocumentPage, DocumentStatus } from "@/lib/documents/schema";
import { BUSY_POLL_MS, QUIET_POLL_MS } from "./connection-queries";
import { fetchJson, withQuery } from "./fetch-json";

export type DocumentQuestion = {
  connection: string;
  status: DocumentStatus | "";
  text: string;
  page: number;
};

/** A page of documents. The last one stays in sight while the next is on its way. */
export function documentsQuery(question: DocumentQuestion) {
  const { page, ...filter } = question;
  const path = withQuery("/api/console/documents", { ...filter, page: String(page) });
  return queryOptions({
    queryKey: ["documents", question],
    queryFn: ({ signal }) => fetchJson<DocumentPage>(path, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.documents.some(isOnItsWay) ? BUSY_POLL_MS * 2 : QUIET_POLL_MS,
  });
}

const isOnItsWay = ({ status }: { status: DocumentStatus }) => status !== "done" && status !== "failed";
