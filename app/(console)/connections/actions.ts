"use server";

import { z } from "zod";
import { checkConnectionInput, connectBucketInput } from "@/lib/connections/schema";
import { consoleAction } from "@/lib/http/console-action";
import { checkBucket } from "@/lib/use-cases/check-bucket";
import { connectBucket } from "@/lib/use-cases/connect-bucket";
import { disconnect } from "@/lib/use-cases/disconnect";
import { pauseConnection } from "@/lib/use-cases/pause-connection";
import { resumeConnection } from "@/lib/use-cases/resume-connection";
import { settleHold } from "@/lib/use-cases/settle-hold";

const byId = z.object({ id: z.string().min(1).max(64) });

/** The check has a bound of its own; a server action cannot tell that its browser has gone. */
const neverAborted = () => new AbortController().signal;

/** "Test connection". Stores nothing. */
export const checkBucketAction = consoleAction(
  checkConnectionInput,
  async ({ input, write, installation, now }) => {
    const sourceRules = installation.env;
    const check = await checkBucket({ input, write, sourceRules, signal: neverAborted(), now });
    const { isOk, stages, sampleKeys } = check;
    return { isOk, stages, sampleKeys };
  },
);

export const connectBucketAction = consoleAction(
  connectBucketInput,
  ({ actor, input, write, installation, now }) =>
    connectBucket({
      actor,
      write,
      input,
      now,
      vault: installation.vault,
      sourceRules: installation.env,
      signal: neverAborted(),
    }),
);

export const pauseConnectionAction = consoleAction(byId, async ({ actor, input, write, now }) => {
  await write((tx) => pauseConnection({ actor, tx, input, now }));
  return null;
});

export const resumeConnectionAction = consoleAction(byId, async ({ actor, input, write, now }) => {
  await write((tx) => resumeConnection({ actor, tx, input, now }));
  return null;
});

export const disconnectAction = consoleAction(
  byId.extend({ deleteDocuments: z.boolean() }),
  async ({ actor, input, write, now }) => {
    await write((tx) => disconnect({ actor, tx, input, now }));
    return null;
  },
);

/** `runId` is the run whose list the person saw. */
export const settleHoldAction = consoleAction(
  z.object({ connectionId: byId.shape.id, runId: byId.shape.id, decision: z.enum(["apply", "dismiss"]) }),
  async ({ actor, input, read, write, now }) => {
    await settleHold({ actor, read, write, input, now });
    return null;
  },
);
