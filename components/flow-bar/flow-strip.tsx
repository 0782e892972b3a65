import { classNames } from "@/components/ui/class-names";
import { type FlowFacts, type FlowStage, flowOf } from "@/lib/rules/flow";
import { FILL_CLASSES, STAGE_LABELS, STATE_WORDS, UNKNOWN_SHARE } from "./stage-looks";

const STAGE_WIDTH = 10.4;
const GAP = 2;

/** The flow bar at 60 × 6 px, for lists and history. */
export function FlowStrip({ facts }: { facts: FlowFacts }) {
  const stages = flowOf(facts);
  const label = stages.map((stage) => `${STAGE_LABELS[stage.name]} ${STATE_WORDS[stage.state]}`).join(", ");
  return (
    <svg viewBox="0 0 60 6" width="60" height="6" role="img" aria-label={label} className="shrink-0">
      <title>{label}</title>
      {stages.map((stage, at) => (
        <Channel key={stage.name} stage={stage} x={at * (STAGE_WIDTH + GAP)} />
      ))}
    </svg>
  );
}

function Channel({ stage, x }: { stage: FlowStage; x: number }) {
  const share = stage.state === "done" || stage.state === "failed" ? 1 : (stage.share ?? UNKNOWN_SHARE);
  const isKnown = stage.state !== "running" || stage.share !== null;
  return (
    <>
      <rect
        x={x + 0.5}
        y="0.5"
        width={STAGE_WIDTH - 1}
        height="5"
        rx="1.5"
        className="fill-none stroke-line-strong/60"
      />
      {stage.state !== "waiting" && (
        <rect
          x={x}
          y="0"
          width={Math.max(2, STAGE_WIDTH * share)}
          height="6"
          rx="2"
          className={classNames(FILL_CLASSES[stage.state], !isKnown && "animate-breathe")}
        />
      )}
    </>
  );
}
