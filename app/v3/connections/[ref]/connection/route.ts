import { listConnections } from "@/lib/connections/list-connections";
import { notFound } from "@/lib/core/errors";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { connectionToWire } from "@/lib/http/wire/connection";
import { tagsFrom, wireTagFields } from "@/lib/http/wire/container-tags";
import { demandS3 } from "@/lib/http/wire/create-connection";

/** The newest connection that has all of the tags. */
export const POST = apiDoor<{ ref: string }>(async ({ actor, request, params, read }) => {
  demandS3(params.ref);
  const containerTags = tagsFrom(parseInput(wireTagFields, await readJsonBody(request)));
  const [newest] = await read((tx) => listConnections({ actor, tx, input: { containerTags } }));
  if (!newest) throw notFound("Connection");
  return Response.json(connectionToWire(newest));
});

export const OPTIONS = preflight;
