import { SluiceError } from "@/lib/core/errors";

/** Somebody else has the run now. */
export const HANDED_ON = new SluiceError({
  code: "lease_lost",
  effect: "stop",
  message: "Another worker has taken this run over.",
});

export const CANCELED = new SluiceError({
  code: "conflict",
  effect: "stop",
  message: "A person canceled this run. What it had done is kept.",
});
