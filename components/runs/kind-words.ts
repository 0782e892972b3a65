import type { RunKind } from "@/lib/rules/run-status";

/** What a run is for, in a table. */
export const KIND_WORDS: Record<RunKind, string> = {
  sync: "Sync",
  reread: "Everything again",
  retry: "Retry",
  plan: "Dry run",
  apply: "Applied plan",
};

/** The same as the title of its page. */
export const KIND_TITLES: Record<RunKind, string> = {
  sync: "Sync run",
  reread: "Reading everything again",
  retry: "Retry of failed objects",
  plan: "Dry run",
  apply: "Applied plan",
};
