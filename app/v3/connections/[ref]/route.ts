import { getConnection } from "@/lib/connections/get-connection";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { parseInput } from "@/lib/http/parse-input";
import { readJsonBody } from "@/lib/http/read-json-body";
import { readChangeBody } from "@/lib/http/wire/change-connection";
import { connectionToWire } from "@/lib/http/wire/connection";
import { createdToWire, demandS3, isProvider, readCreateBody, S3 } from "@/lib/http/wire/create-connection";
import { deleteByTagsBody, readDeleteDocuments } from "@/lib/http/wire/delete-connection";
import { changeConnection } from "@/lib/use-cases/change-connection";
import { connectBucket } from "@/lib/use-cases/connect-bucket";
import { disconnect, disconnectByTags } from "@/lib/use-cases/disconnect";

type Params = { ref: string };

/** Creates a connection; the segment is its provider. */
export const POST = apiDoor<Params>(async ({ actor, request, params, write, installation, now }) => {
  demandS3(params.ref);
  const { input, redirectUrl } = readCreateBody(await readJsonBody(request));
  const { vault, env: sourceRules } = installation;
  const { signal } = request;
  const created = await connectBucket({ actor, write, input, vault, sourceRules, signal, now });
  return Response.json(createdToWire(created, redirectUrl));
});

export const GET = apiDoor<Params>(async ({ actor, params, read }) =>
  Response.json(
    connectionToWire(await read((tx) => getConnection({ actor, tx, input: { id: params.ref } }))),
  ),
);

/** Changes what is set of one connection: an addition to the API. */
export const PATCH = apiDoor<Params>(async ({ actor, request, params, read, write, installation, now }) => {
  const input = { ...readChangeBody(await readJsonBody(request)), id: params.ref };
  const { vault, env: sourceRules } = installation;
  await changeConnection({ actor, read, write, input, vault, sourceRules, signal: request.signal, now });
  return Response.json(connectionToWire(await read((tx) => getConnection({ actor, tx, input }))));
});

/** Removes one connection by its id, or by provider those that have all of the body's tags. */
export const DELETE = apiDoor<Params>(async ({ actor, request, params, read, write, now }) => {
  const deleteDocuments = readDeleteDocuments(new URL(request.url).searchParams);
  if (!isProvider(params.ref)) {
    await write((tx) => disconnect({ actor, tx, now, input: { id: params.ref, deleteDocuments } }));
    return Response.json({ id: params.ref, provider: S3 });
  }
  demandS3(params.ref);
  const { containerTags } = parseInput(deleteByTagsBody, await readJsonBody(request));
  const input = { containerTags, deleteDocuments };
  const id = await disconnectByTags({ actor, read, write, now, input });
  return Response.json({ id, provider: S3 });
});

export const OPTIONS = preflight;
