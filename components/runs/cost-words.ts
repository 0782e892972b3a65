import { STAGE_LABELS } from "@/components/flow-bar/stage-looks";
import { countOf, formatBytes, formatCount, formatDuration } from "@/lib/rules/format";
import type { RunView } from "@/lib/sync-runs/schema";

type RunCost = Pick<
  RunView,
  | "listRequests"
  | "getRequests"
  | "retriedRequests"
  | "throttledAnswers"
  | "bytesListed"
  | "bytesRead"
  | "stageMs"
>;

/** `12 LIST, 88 GET; 3 sent again, 2 answered with slow down`. What did not happen is left out. */
export function requestWords(cost: Pick<RunCost, "listRequests" | "getRequests"> & Partial<RunCost>): string {
  const { retriedRequests = 0, throttledAnswers = 0 } = cost;
  const trouble = [
    ...(retriedRequests > 0 ? [`${formatCount(retriedRequests)} sent again`] : []),
    ...(throttledAnswers > 0 ? [`${formatCount(throttledAnswers)} answered with "slow down"`] : []),
  ];
  const kinds = `${formatCount(cost.listRequests)} LIST, ${formatCount(cost.getRequests)} GET`;
  return trouble.length === 0 ? kinds : `${kinds}; ${trouble.join(", ")}`;
}

export function byteWords(cost: Pick<RunCost, "bytesListed" | "bytesRead">): string {
  return `${formatBytes(cost.bytesListed)} of listings, ${formatBytes(cost.bytesRead)} of objects`;
}

/** Every stage in its order, and what this version does not know at the end. */
const STAGE_WORDS: Record<string, string> = { ...STAGE_LABELS, wait: "Wait" };

/** `List 1.2 s, Fetch 4 s, Wait 300 ms`; null while nothing has been measured. */
export function stageWords({ stageMs }: Pick<RunCost, "stageMs">): string | null {
  const known = Object.keys(STAGE_WORDS).filter((stage) => stage in stageMs);
  const unknown = Object.keys(stageMs).filter((stage) => !(stage in STAGE_WORDS));
  const parts = [...known, ...unknown].map(
    (stage) => `${STAGE_WORDS[stage] ?? stage} ${formatDuration(stageMs[stage] ?? 0)}`,
  );
  return parts.length === 0 ? null : parts.join(", ");
}

/** What a plan would ask of the store. */
export function neededWords(requests: { list: number; get: number }): string {
  return `about ${countOf(requests.list, "LIST request")} and ${countOf(requests.get, "GET request")}`;
}
