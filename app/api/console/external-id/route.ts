import { getExternalId } from "@/lib/connections/external-id";
import { consoleDoor } from "@/lib/http/console-door";

export const GET = consoleDoor(async ({ actor, write, now }) =>
  Response.json({ externalId: await write((tx) => getExternalId({ actor, tx, now })) }),
);
