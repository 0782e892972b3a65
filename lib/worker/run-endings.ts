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

/** The connection is gone or was changed: what this run would do is not what is wanted any more. */
export const SUPERSEDED = new SluiceError({
  code: "lease_lost",
  effect: "stop",
  message: "The connection was changed while the run went on; another run does what is wanted now.",
});
