import { getDocument } from "@/lib/documents/get-document";
import { consoleDoor } from "@/lib/http/console-door";

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params }) =>
  Response.json(await read((tx) => getDocument({ actor, tx, input: { reference: params.id } }))),
);
