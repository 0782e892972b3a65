import { getConnection } from "@/lib/connections/get-connection";
import { apiDoor, preflight } from "@/lib/http/api-door";
import { unsupported } from "@/lib/http/wire/unsupported";

/** S3 has nothing to choose from. */
export const GET = apiDoor<{ ref: string }>(async ({ actor, params, read }) => {
  await read((tx) => getConnection({ actor, tx, input: { id: params.ref } }));
  throw unsupported("Provider does not support resource fetching");
});

export const OPTIONS = preflight;
