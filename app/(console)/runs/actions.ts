"use server";

import { z } from "zod";
import { consoleAction } from "@/lib/http/console-action";
import { requestRunBody } from "@/lib/http/wire/request-run";
import { cancelSyncRun } from "@/lib/use-cases/cancel-sync-run";
import { requestRun } from "@/lib/use-cases/request-run";

const id = z.string().min(1).max(64);

/** A run of any kind; what can be wished for is what the API takes. */
export const requestRunAction = consoleAction(
  z.object({ connectionId: id, wish: requestRunBody }),
  ({ actor, input, write, now }) => requestRun({ actor, write, input, now }),
);

export const cancelRunAction = consoleAction(
  z.object({ id, connectionId: id }),
  ({ actor, input, write, now }) => write((tx) => cancelSyncRun({ actor, tx, input, now })),
);
