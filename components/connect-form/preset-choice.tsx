"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { useId } from "react";
import { ProviderMark } from "@/components/connections/provider-mark";
import { PRESET_IDS, PRESETS, type PresetId } from "@/lib/rules/presets";

type PresetChoiceProps = { value: PresetId; onValueChange: (id: PresetId) => void };

/** The services as tiles; choosing one fills endpoint, region and addressing style. */
export function PresetChoice({ value, onValueChange }: PresetChoiceProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <span id={id} className="text-sm font-medium">
        Service
      </span>
      <RadioGroup<PresetId>
        aria-labelledby={id}
        value={value}
        onValueChange={onValueChange}
        className="grid grid-cols-3 gap-2 max-sm:grid-cols-2"
      >
        {PRESET_IDS.map((preset) => (
          <Radio.Root
            key={preset}
            value={preset}
            aria-label={PRESETS[preset].label}
            className="flex h-11 min-w-0 cursor-pointer items-center gap-2 rounded-md border border-line bg-surface px-2 text-left text-sm transition-colors hover:bg-hover data-checked:border-accent-ink data-checked:bg-accent-soft data-checked:inset-ring data-checked:inset-ring-accent-ink"
          >
            <ProviderMark preset={PRESETS[preset]} />
            <span className="min-w-0 leading-tight">{PRESETS[preset].label}</span>
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  );
}
