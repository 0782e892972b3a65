"use client";

import { useEffect, useState } from "react";
import { areShortcutsOn, setShortcutsOn } from "@/components/frame/shortcuts";
import { Switch } from "@/components/ui/switch";

const KEYS = [
  { key: "/", does: "search" },
  { key: "n", does: "new connection" },
  { key: "s", does: "sync the connection in view" },
] as const;

/** One-character shortcuts get in the way of speech input, so they can be turned off. */
export function ShortcutSwitch() {
  const [isOn, setOn] = useState(true);
  useEffect(() => setOn(areShortcutsOn()), []);
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label="Use keyboard shortcuts"
        isOn={isOn}
        onOnChange={(next) => {
          setShortcutsOn(next);
          setOn(next);
        }}
      />
      <dl className="flex flex-wrap gap-x-6 gap-y-2 text-sm text-ink-muted">
        {KEYS.map(({ key, does }) => (
          <div key={key} className="flex items-center gap-2">
            <dt>
              <kbd className="grid h-6 min-w-6 place-items-center rounded-sm border border-line bg-sunken px-1.5 font-mono text-xs text-ink">
                {key}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
