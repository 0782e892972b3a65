"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { type ReactNode, useId } from "react";

export type RadioOption<Value extends string> = { value: Value; label: string; hint?: ReactNode };

type RadioListProps<Value extends string> = {
  label: string;
  options: readonly RadioOption<Value>[];
  value: Value;
  onValueChange: (value: Value) => void;
  /** Hides the label where a heading beside the list already says it. */
  isLabelHidden?: boolean;
};

export function RadioList<Value extends string>(props: RadioListProps<Value>) {
  const { label, options, value, onValueChange, isLabelHidden = false } = props;
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <span id={id} className={isLabelHidden ? "sr-only" : "text-sm font-medium"}>
        {label}
      </span>
      <RadioGroup<Value>
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => onValueChange(next)}
        className="flex flex-col gap-1.5"
      >
        {options.map((option) => (
          <RadioRow key={option.value} option={option} id={`${id}-${option.value}`} />
        ))}
      </RadioGroup>
    </div>
  );
}

function RadioRow<Value extends string>({ option, id }: { option: RadioOption<Value>; id: string }) {
  return (
    <div className="flex items-start gap-2.5">
      <Radio.Root
        value={option.value}
        aria-labelledby={`${id}-label`}
        aria-describedby={option.hint ? `${id}-hint` : undefined}
        id={id}
        className="relative mt-[3px] grid size-4 shrink-0 place-items-center rounded-full border border-line-strong bg-surface after:absolute after:-inset-1 data-checked:border-accent-solid data-checked:bg-accent-solid"
      >
        <Radio.Indicator className="size-1.5 rounded-full bg-on-accent" />
      </Radio.Root>
      <div className="min-w-0">
        <label htmlFor={id} id={`${id}-label`} className="block text-base">
          {option.label}
        </label>
        {option.hint && (
          <p id={`${id}-hint`} className="text-sm text-ink-muted">
            {option.hint}
          </p>
        )}
      </div>
    </div>
  );
}
