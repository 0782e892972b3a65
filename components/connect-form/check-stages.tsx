import { CircleCheck, CircleDashed, CircleX, LoaderCircle, MinusCircle } from "lucide-react";
import { classNames } from "@/components/ui/class-names";
import type { CheckResult, CheckStage } from "@/lib/connections/schema";

/** The state of "Test connection". */
export type CheckState =
  | { phase: "idle" }
  | { phase: "trying" }
  | { phase: "answered"; result: CheckResult; isStale: boolean }
  | { phase: "refused"; message: string };

const STAGE_LABELS: Record<CheckStage["name"], string> = {
  address: "Reach the endpoint",
  sign: "Sign in with the access key",
  list: "List the bucket",
  read: "Read an object",
};
const NAMES = ["address", "sign", "list", "read"] as const;

const LOOKS = {
  ok: { icon: CircleCheck, color: "text-good-ink", word: "passed" },
  failed: { icon: CircleX, color: "text-failed-ink", word: "failed" },
  skipped: { icon: MinusCircle, color: "text-ink-muted", word: "skipped" },
  trying: { icon: LoaderCircle, color: "text-accent-ink", word: "being tried" },
  waiting: { icon: CircleDashed, color: "text-ink-muted", word: "not tried" },
} as const;

/** The four stages of the check in the order in which they are tried. */
export function CheckStages({ state }: { state: CheckState }) {
  const stages = state.phase === "answered" ? state.result.stages : [];
  return (
    <div className="flex flex-col gap-3">
      <ol aria-live="polite" aria-busy={state.phase === "trying"} className="flex flex-col gap-2.5">
        {NAMES.map((name) => (
          <StageLine
            key={name}
            name={name}
            stage={stages.find((stage) => stage.name === name)}
            phase={state.phase}
          />
        ))}
      </ol>
      {state.phase === "answered" && state.isStale && (
        <p className="text-sm text-attention-ink">
          The settings have changed since this test. Test again to be sure.
        </p>
      )}
      {state.phase === "refused" && (
        <p role="alert" className="text-sm text-failed-ink">
          {state.message}
        </p>
      )}
    </div>
  );
}

type StageLineProps = { name: CheckStage["name"]; stage: CheckStage | undefined; phase: CheckState["phase"] };

function StageLine({ name, stage, phase }: StageLineProps) {
  const { icon: Icon, color, word } = LOOKS[stage?.outcome ?? (phase === "trying" ? "trying" : "waiting")];
  return (
    <li className="flex min-w-0 items-start gap-2.5">
      <Icon
        aria-hidden
        className={classNames(
          "mt-[3px] size-4 shrink-0",
          color,
          !stage && phase === "trying" && "animate-spin",
        )}
      />
      <div className="min-w-0">
        <p className={classNames(!stage && "text-ink-muted")}>
          {STAGE_LABELS[name]}
          <span className="sr-only">: {word}</span>
        </p>
        {stage && <p className="text-sm text-ink-muted wrap-anywhere">{stage.message}</p>}
      </div>
    </li>
  );
}
