import { ChevronDown, Pause, Play, RefreshCw, RotateCcw, RotateCw, ScanSearch } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, type MenuItem } from "@/components/ui/menu";
import type { ConnectionView } from "@/lib/connections/schema";
import { formatCount } from "@/lib/rules/format";
import { isAtWork } from "./connection-state";

type ConnectionActionsProps = {
  connection: ConnectionView;
  isPauseBusy: boolean;
  onSync: () => void;
  onReread: () => void;
  onPlan: () => void;
  onRetry: () => void;
  onPause: () => void;
  onResume: () => void;
};

/** What a connection can be asked to do now. While it is paused that is to resume, and nothing else. */
export function ConnectionActions(props: ConnectionActionsProps) {
  const { connection, isPauseBusy, onSync, onPause, onResume } = props;
  const isPaused = connection.pausedAt !== null;
  const isBusy = isAtWork(connection);
  const PauseIcon = isPaused ? Play : Pause;
  return (
    <>
      <Button
        tone={isPaused ? "primary" : "plain"}
        isBusy={isPauseBusy}
        onClick={isPaused ? onResume : onPause}
      >
        {!isPauseBusy && <PauseIcon aria-hidden />}
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <div className="flex gap-1">
        <Button
          tone={isPaused ? "plain" : "primary"}
          isBusy={isBusy}
          disabled={isPaused}
          title={isPaused ? "Resume the connection first" : undefined}
          onClick={onSync}
        >
          {!isBusy && <RefreshCw aria-hidden />}
          Sync now
        </Button>
        <Menu label="More runs" icon={ChevronDown} items={itemsOf(props)} isDisabled={isPaused} />
      </div>
    </>
  );
}

function itemsOf({ connection, onReread, onPlan, onRetry }: ConnectionActionsProps): MenuItem[] {
  const { failedCount } = connection;
  const items: MenuItem[] = [
    {
      label: "Dry run",
      hint: "Lists the bucket and shows what a sync would do. Nothing is changed.",
      icon: ScanSearch,
      onSelect: onPlan,
    },
    {
      label: "Read everything again…",
      hint: "Fetches every object again, also those that have not changed.",
      icon: RotateCcw,
      onSelect: onReread,
    },
  ];
  if (failedCount === 0) return items;
  const retry: MenuItem = {
    label: `Retry ${formatCount(failedCount)} failed`,
    hint: "Tries the objects that could not be read, and no others.",
    icon: RotateCw,
    onSelect: onRetry,
  };
  return [retry, ...items];
}
