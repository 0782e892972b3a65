import { classNames } from "@/components/ui/class-names";
import { type FlowFacts, type FlowStage, flowOf, flowRates } from "@/lib/rules/flow";
import { formatBytes, formatCount, formatDuration, formatRate } from "@/lib/rules/format";
import { FILL_CLASSES, STAGE_LABELS, STATE_WORDS, UNKNOWN_SHARE } from "./stage-looks";

/** Sluice's sign: five channels that fill from left to right, each with its count. Hollow is what is not known. */
export function FlowBar({ facts, now }: { facts: FlowFacts; now: number }) {
  const notes = notesOf(facts, now);
  return (
    <ol className="grid grid-cols-5 gap-x-2 max-sm:grid-cols-1 max-sm:gap-y-3">
      {flowOf(facts).map((stage) => (
        <li
          key={stage.name}
          className="flex min-w-0 flex-col gap-1.5 max-sm:grid max-sm:grid-cols-[5rem_1fr] max-sm:items-center"
        >
          <Channel stage={stage} />
          <div className="flex min-w-0 flex-col max-sm:row-start-1 max-sm:flex-row max-sm:justify-between max-sm:gap-2 max-sm:col-span-2">
            <span className="text-xs text-ink-muted">
              {STAGE_LABELS[stage.name]}
              <span className="sr-only">: {STATE_WORDS[stage.state]}</span>
            </span>
            <span className="text-lg font-medium tabular-nums">
              {stage.count === null ? <span className="text-ink-muted">—</span> : formatCount(stage.count)}
            </span>
            <span className="truncate text-xs text-ink-muted tabular-nums max-sm:sr-only">
              {notes[stage.name] ?? "\u00A0"}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}

function Channel({ stage }: { stage: FlowStage }) {
  const isFull = stage.state === "done" || stage.state === "failed";
  const share = isFull ? 1 : (stage.share ?? UNKNOWN_SHARE);
  const isKnown = stage.state !== "running" || stage.share !== null;
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      className="h-2.5 w-full overflow-hidden rounded-full inset-ring inset-ring-line-strong/50 max-sm:col-span-2"
    >
      {stage.state !== "waiting" && (
        <rect
          width={Math.max(2, share * 100)}
          height="10"
          className={classNames(
            "transition-[width]",
            FILL_CLASSES[stage.state],
            !isKnown && "animate-breathe",
          )}
        />
      )}
    </svg>
  );
}

/** Rates under the stages they belong to, only where they are known. */
function notesOf(facts: FlowFacts, now: number): Partial<Record<FlowStage["name"], string>> {
  const { keysPerSecond, bytesPerSecond, msLeft } = flowRates(facts, now);
  return {
    ...(keysPerSecond !== null && { list: `${formatRate(keysPerSecond)} keys/s` }),
    ...(facts.bytesRead > 0 && {
      fetch: `${formatBytes(facts.bytesRead)}${bytesPerSecond === null ? "" : `, ${formatBytes(bytesPerSecond)}/s`}`,
    }),
    ...(msLeft !== null && { store: `about ${formatDuration(msLeft)} left` }),
  };
}
