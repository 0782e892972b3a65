"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";

type SegmentedProps<Value extends string> = {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onValueChange: (value: Value) => void;
};

/** A choice of a few, all in sight. One is always chosen. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onValueChange,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next[0]);
        if (chosen) onValueChange(chosen.value);
      }}
      className="inline-flex max-w-full gap-0.5 overflow-x-auto rounded-lg bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="h-8 shrink-0 rounded-md px-3 text-sm text-ink-muted outline-offset-[-2px] hover:text-ink data-pressed:bg-surface data-pressed:font-medium data-pressed:text-ink data-pressed:shadow-[0_0_0_1px_var(--line)]"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
