"use client";

import { Select as BaseSelect } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { controlClasses } from "./control-classes";

export type SelectOption<Value extends string> = { value: Value; label: string; mark?: ReactNode };

type SelectProps<Value extends string> = {
  options: readonly SelectOption<Value>[];
  value: Value;
  onValueChange: (value: Value) => void;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  className?: string;
};

export function Select<Value extends string>({
  options,
  value,
  onValueChange,
  className,
  ...rest
}: SelectProps<Value>) {
  const chosen = options.find((option) => option.value === value);
  return (
    <BaseSelect.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      modal={false}
    >
      <BaseSelect.Trigger
        {...rest}
        className={classNames(controlClasses, "flex h-9 items-center gap-2 px-3 text-left", className)}
      >
        {chosen?.mark}
        <BaseSelect.Value className="min-w-0 flex-1 truncate" />
        <BaseSelect.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-ink-muted" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-40 outline-hidden">
          <BaseSelect.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-float outline-hidden transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item
                  key={option.value}
                  value={option.value}
                  className="flex h-9 cursor-default select-none items-center gap-2 rounded-md px-2 text-base outline-hidden data-highlighted:bg-hover"
                >
                  {option.mark}
                  <BaseSelect.ItemText className="min-w-0 flex-1 truncate">
                    {option.label}
                  </BaseSelect.ItemText>
                  <BaseSelect.ItemIndicator>
                    <Check aria-hidden className="size-4 text-accent-ink" />
                  </BaseSelect.ItemIndicator>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
