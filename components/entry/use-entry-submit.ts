"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { EntryResult } from "./entry-result";

type FormRefusal = { title: string; details: string | null };

const OUT_OF_REACH: FormRefusal = {
  title: "Sluice did not answer",
  details: "Check that it runs and that you are connected, then try again.",
};

/**
 * Sends a form of the entry pages once, and opens the page that the answer names in place of this one. Stays busy
 * until that page is there. A refusal of a field is given to `showUnderField`; every other one is `refusal`.
 */
export function useEntrySubmit<Input>(
  send: (input: Input) => Promise<EntryResult>,
  showUnderField: (field: string, sentence: string) => boolean,
) {
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<FormRefusal | null>(null);

  const submit = async (input: Input) => {
    setBusy(true);
    setRefusal(null);
    const result = await send(input).catch(() => null);
    if (result?.ok) {
      router.replace(result.value.path);
      return;
    }
    setBusy(false);
    if (result === null) setRefusal(OUT_OF_REACH);
    else if (result.field === null || !showUnderField(result.field, result.details ?? result.error)) {
      setRefusal({ title: result.error, details: result.details });
    }
  };

  return { submit, isBusy, refusal };
}
