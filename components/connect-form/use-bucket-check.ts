"use client";

import { useState } from "react";
import type { FormAnswer } from "@/components/form/form-answer";
import type { CheckConnectionInput, CheckResult } from "@/lib/connections/schema";
import type { CheckState } from "./check-stages";
import { CHECK_FIELDS, checkInputOf } from "./form-values";
import type { ConnectFormApi } from "./use-connect-form";

type Args = {
  form: ConnectFormApi;
  onCheck: (input: CheckConnectionInput) => Promise<FormAnswer<CheckResult>>;
  onSampleKeys: (keys: readonly string[]) => void;
  /** Some field is wrong; nothing was tried. */
  onRefused: () => void;
};

type Held = { check: CheckState; triedOn: string };

/** "Test connection": tries what is typed, and remembers on what it was tried. */
export function useBucketCheck({ form, onCheck, onSampleKeys, onRefused }: Args) {
  const [held, setHeld] = useState<Held>({ check: { phase: "idle" }, triedOn: "" });
  const fingerprint = JSON.stringify(checkInputOf(form.watch()));

  const test = async () => {
    if (!(await form.trigger([...CHECK_FIELDS]))) return onRefused();
    const input = checkInputOf(form.getValues());
    setHeld({ check: { phase: "trying" }, triedOn: "" });
    const answer = await onCheck(input);
    if (!answer.ok) return setHeld({ check: { phase: "refused", message: answer.message }, triedOn: "" });
    setHeld({
      check: { phase: "answered", result: answer.value, isStale: false },
      triedOn: JSON.stringify(input),
    });
    if (answer.value.sampleKeys.length > 0) onSampleKeys(answer.value.sampleKeys);
  };

  const { check, triedOn } = held;
  const shown = check.phase === "answered" ? { ...check, isStale: triedOn !== fingerprint } : check;
  return { check: shown, test };
}
