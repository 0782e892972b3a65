import { listConnections } from "@/lib/connections/list-connections";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { connectionToWire } from "@/lib/http/wire/connection";
import { tagsFrom, wireTagFields } from "@/lib/http/wire/container-tags";

export const POST = apiDoor(async ({ actor, request, read }) => {
  const containerTags = tagsFrom(parseInput(wireTagFields, await readJsonBody(request)));
  const connections = await read((tx) => listConnections({ actor, tx, input: { containerTags } }));
  return Response.json(connections.map(connectionToWire));
});

export const OPTIONS = preflight;
