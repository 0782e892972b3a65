import { listConnections } from "@/lib/connections/list-connections";
import { consoleDoor } from "@/lib/http/console-door";

export const GET = consoleDoor(async ({ actor, read }) =>
  Response.json(await read((tx) => listConnections({ actor, tx, input: {} }))),
);
