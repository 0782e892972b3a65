"use client";

import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { useId } from "react";

type SwitchProps = { label: string; isOn: boolean; onOnChange: (isOn: boolean) => void };

export function Switch({ label, isOn, onOnChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-2.5">
      <BaseSwitch.Root
        id={id}
        aria-labelledby={`${id}-label`}
        checked={isOn}
        onCheckedChange={onOnChange}
        className="flex h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken p-px transition-colors data-checked:border-accent-solid data-checked:bg-accent-solid"
      >
        <BaseSwitch.Thumb className="size-4 rounded-full bg-line-strong transition-[translate,background-color] data-checked:translate-x-4 data-checked:bg-on-accent" />
      </BaseSwitch.Root>
      <label htmlFor={id} id={`${id}-label`} className="text-base">
        {label}
      </label>
    </div>
  );
}
