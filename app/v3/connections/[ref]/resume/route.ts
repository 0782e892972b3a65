import { getConnection } from "@/lib/connections/get-connection";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { connectionToWire } from "@/lib/http/wire/connection";
import { resumeConnection } from "@/lib/use-cases/resume-connection";

/** Takes a paused connection back to its schedule. An addition to the API. */
export const POST = apiDoor<{ ref: string }>(async ({ actor, params, read, write, now }) => {
  const input = { id: params.ref };
  await write((tx) => resumeConnection({ actor, tx, input, now }));
  return Response.json(connectionToWire(await read((tx) => getConnection({ actor, tx, input }))));
});

export const OPTIONS = preflight;
