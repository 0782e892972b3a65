import { z } from "zod";
import { listDocuments } from "@/lib/documents/list-documents";
import { DOCUMENT_STATUSES } from "@/lib/documents/schema";
import { consoleDoor } from "@/lib/http/console-door";
import { parseInput } from "@/lib/http/parse-input";

const DOCUMENTS_PER_PAGE = 50;

const query = z.object({
  connection: z.string().max(64).nullable().default(null),
  status: z.enum(DOCUMENT_STATUSES).optional(),
  failing: z.literal("1").optional(),
  text: z.string().max(1_024).nullable().default(null),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});

export const GET = consoleDoor(async ({ actor, read, request }) => {
  const { connection, status, failing, text, page } = parseInput(
    query,
    Object.fromEntries(new URL(request.url).searchParams),
  );
  const statuses = status === undefined ? null : [status];
  const isFailingOnly = failing !== undefined;
  const input = { connectionId: connection, statuses, isFailingOnly, text, page, limit: DOCUMENTS_PER_PAGE };
  return Response.json(await read((tx) => listDocuments({ actor, tx, input })));
});
