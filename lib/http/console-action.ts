import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { asSluiceError, type ErrorCode } from "@/lib/core/errors";
import { authenticateSession, type SignedIn } from "./authenticate";
import { clientAddress } from "./client-address";
import { demandOwnOrigin } from "./console-door-origin";
import { type Workplace, workplaceOf } from "./door-call";
import { type Installation, installation } from "./installation";
import { parseInput } from "./parse-input";

/**
 * What a form gets back. Errors are values here: Next.js hides the message of anything thrown in production.
 * `field` names the input that was refused, and `details` is then the sentence to show under it.
 */
export type ActionResult<Value> =
  | { ok: true; value: Value }
  | { ok: false; code: ErrorCode; error: string; details: string | null; field: string | null };

export type ActionCall<Input> = Workplace & SignedIn & { input: Input };

/** Before anybody is signed in: no actor, but where the request comes from. */
export type EntryCall<Input> = Workplace & { input: Input; address: string; userAgent: string };

/**
 * Makes a server action of a signed-in person. What the browser sends is parsed by `schema` before `work` sees it.
 *
 *     export const revokeKey = consoleAction(revokeApiKeyInput, ({ actor, write, input, now }) =>
 *       write((tx) => revokeApiKey({ actor, tx, input, now })));
 */
export function consoleAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  work: (call: ActionCall<z.output<Schema>>) => Promise<Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return (input) =>
    answered(async (opened, sent) => {
      const { actor, sessionId } = await authenticateSession(sent);
      return work({ ...workplaceOf(opened), actor, sessionId, input: parseInput(schema, input) });
    });
}

/** The same for the pages in front of the sign-in, which ask for no session. */
export function entryAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  work: (call: EntryCall<z.output<Schema>>) => Promise<Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return (input) =>
    answered(async (opened, sent) =>
      work({
        ...workplaceOf(opened),
        input: parseInput(schema, input),
        address: clientAddress(sent, opened.env.trustProxy),
        userAgent: sent.get("user-agent") ?? "",
      }),
    );
}

async function answered<Value>(
  work: (opened: Installation, sent: Headers) => Promise<Value>,
): Promise<ActionResult<Value>> {
  const opened = installation();
  // Outside the try: Next.js signals by throwing when a page is rendered ahead of a request.
  const sent = new Headers(await headers());
  try {
    demandOwnOrigin(sent, opened.env.url);
    return { ok: true, value: await work(opened, sent) };
  } catch (thrown) {
    // Next.js redirects by throwing.
    unstable_rethrow(thrown);
    return refusal(thrown, opened, sent);
  }
}

/** What an operator wants to find in the log when somebody tries doors. */
const WORTH_A_WARNING: ReadonlySet<ErrorCode> = new Set(["unauthorized", "forbidden", "rate_limited"]);

function refusal(thrown: unknown, opened: Installation, sent: Headers): ActionResult<never> {
  const error = asSluiceError(thrown);
  if (WORTH_A_WARNING.has(error.code)) {
    const address = clientAddress(sent, opened.env.trustProxy);
    opened.log.warn({ code: error.code, address, refused: error.message }, "an action was refused");
  }
  if (error.code === "internal")
    opened.log.error({ err: error.cause ?? error }, "an action ended in an internal error");
  const named = error.code === "invalid_input" ? /^([\w.[\]-]+): (.+)$/s.exec(error.details ?? "") : null;
  return {
    ok: false,
    code: error.code,
    error: error.message,
    details: named?.[2] ?? error.details ?? null,
    field: named?.[1] ?? null,
  };
}
