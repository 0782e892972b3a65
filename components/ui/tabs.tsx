"use client";

import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export type TabSpec<Value extends string> = {
  value: Value;
  label: string;
  count?: number;
  content: ReactNode;
};

type TabsProps<Value extends string> = {
  label: string;
  tabs: readonly TabSpec<Value>[];
  value: Value;
  onValueChange: (value: Value) => void;
};

/** Only the chosen panel is in the page, so that a list that nobody looks at asks for nothing. */
export function Tabs<Value extends string>({ label, tabs, value, onValueChange }: TabsProps<Value>) {
  return (
    <BaseTabs.Root
      value={value}
      onValueChange={(next) => {
        const tab = tabs.find((one) => one.value === next);
        if (tab) onValueChange(tab.value);
      }}
      className="flex min-w-0 flex-col gap-5"
    >
      <BaseTabs.List
        aria-label={label}
        className="flex gap-1 overflow-x-auto overflow-y-hidden border-b border-line [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <BaseTabs.Tab
            key={tab.value}
            value={tab.value}
            className="flex h-10 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-base text-ink-muted outline-offset-[-3px] hover:text-ink data-active:border-accent-ink data-active:font-medium data-active:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && (
              <span className="rounded-full bg-sunken px-1.5 text-xs tabular-nums text-ink-muted">
                {tab.count.toLocaleString("en-US")}
              </span>
            )}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel key={tab.value} value={tab.value} className="min-w-0 outline-offset-4">
          {tab.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
