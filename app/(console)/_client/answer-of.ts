import type { FormAnswer } from "@/components/form/form-answer";
import type { ActionResult } from "@/lib/http/console-action";
import { goToSignIn } from "./fetch-json";
import { said } from "./said";

/** A server action's result as a form takes it: one sentence, and the field that it belongs to. */
export function answerOf<Value>(result: ActionResult<Value>): FormAnswer<Value> {
  if (result.ok) return { ok: true, value: result.value };
  if (result.code === "unauthorized") goToSignIn();
  if (result.field !== null && result.details !== null) {
    return { ok: false, message: result.details, field: result.field };
  }
  return { ok: false, message: said(result.error, result.details), field: null };
}

/** The same for an action that was sent and may not have arrived. */
export async function asked<Value>(result: Promise<ActionResult<Value>>): Promise<FormAnswer<Value>> {
  try {
    return answerOf(await result);
  } catch {
    const message = "Sluice could not be reached. See whether it is running, then try again.";
    return { ok: false, message, field: null };
  }
}

/** For a dialog: null when it is done, otherwise the sentence. */
export async function problemOf(result: Promise<ActionResult<unknown>>): Promise<string | null> {
  const answer = await asked(result);
  return answer.ok ? null : answer.message;
}
