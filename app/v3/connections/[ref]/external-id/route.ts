import { getExternalId } from "@/lib/connections/external-id";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { demandS3 } from "@/lib/http/wire/create-connection";

/** What the trust policy of a role has to ask for, before a connection assumes it. An addition to the API. */
export const GET = apiDoor<{ ref: string }>(async ({ actor, params, write, now }) => {
  demandS3(params.ref);
  return Response.json({ externalId: await write((tx) => getExternalId({ actor, tx, now })) });
});

export const OPTIONS = preflight;
