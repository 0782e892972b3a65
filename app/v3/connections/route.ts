import { listConnections } from "@/lib/connections/list-connections";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { connectionToWire } from "@/lib/http/wire/connection";

/** All connections, as Supermemory's console asks for them; there is one end user. */
export const GET = apiDoor(async ({ actor, read }) => {
  const connections = await read((tx) => listConnections({ actor, tx, input: {} }));
  return Response.json(connections.map(connectionToWire));
});

export const OPTIONS = preflight;
