import { getConnection } from "@/lib/connections/get-connection";
import { consoleDoor } from "@/lib/http/console-door";

/** However many watch a connection, it is read once for all of them. */
export const GET = consoleDoor<{ id: string }>(({ actor, read, params: { id }, installation }) =>
  installation.shared.json(`connection ${id}`, () =>
    read((tx) => getConnection({ actor, tx, input: { id } })),
  ),
);
