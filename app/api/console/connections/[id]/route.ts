import { getConnection } from "@/lib/connections/get-connection";
import { consoleDoor } from "@/lib/http/console-door";

export const GET = consoleDoor<{ id: string }>(async ({ actor, read, params }) =>
  Response.json(await read((tx) => getConnection({ actor, tx, input: { id: params.id } }))),
);
