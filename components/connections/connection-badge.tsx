import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  LoaderCircle,
  LockKeyhole,
  Pause,
  PauseCircle,
  TriangleAlert,
} from "lucide-react";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { ConnectionState } from "./connection-state";

const LOOKS: Record<ConnectionState, { tone: BadgeTone; icon: typeof Ban; word: string }> = {
  running: { tone: "running", icon: LoaderCircle, word: "Running" },
  queued: { tone: "idle", icon: Clock, word: "Queued" },
  paused: { tone: "idle", icon: Pause, word: "Paused" },
  refused: { tone: "failed", icon: LockKeyhole, word: "Access refused" },
  failed: { tone: "failed", icon: CircleX, word: "Failed" },
  on_hold: { tone: "attention", icon: PauseCircle, word: "Removals on hold" },
  some_failed: { tone: "attention", icon: TriangleAlert, word: "Some failed" },
  synced: { tone: "good", icon: CircleCheck, word: "Synced" },
  canceled: { tone: "idle", icon: Ban, word: "Canceled" },
  new: { tone: "idle", icon: CircleDashed, word: "Not synced yet" },
};

export function ConnectionBadge({ state }: { state: ConnectionState }) {
  const { tone, icon, word } = LOOKS[state];
  return <Badge tone={tone} icon={icon} word={word} isTurning={state === "running"} />;
}
