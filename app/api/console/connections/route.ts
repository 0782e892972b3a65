import { listConnections } from "@/lib/connections/list-connections";
import { consoleDoor } from "@/lib/http/console-door";

/** Everybody who is signed in sees all connections, so they are read once for all who watch them. */
export const GET = consoleDoor(({ actor, read, installation }) =>
  installation.shared.json("connections", () => read((tx) => listConnections({ actor, tx, input: {} }))),
);
