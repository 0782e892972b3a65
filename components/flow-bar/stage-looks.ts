import type { FlowStageName, FlowState } from "@/lib/rules/flow";

export const STAGE_LABELS: Record<FlowStageName, string> = {
  list: "List",
  compare: "Compare",
  fetch: "Fetch",
  extract: "Extract",
  store: "Store",
};

export const STATE_WORDS: Record<FlowState, string> = {
  waiting: "nothing yet",
  running: "running",
  done: "done",
  failed: "failed here",
  stopped: "stopped",
};

/** The water's colour in a channel. */
export const FILL_CLASSES: Record<FlowState, string> = {
  waiting: "fill-transparent",
  running: "fill-accent",
  done: "fill-good",
  failed: "fill-failed",
  stopped: "fill-ink-muted",
};

/** A channel of which the whole is not known is filled a little way, and the water moves. */
export const UNKNOWN_SHARE = 0.35;
