"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { LucideIcon } from "lucide-react";
import { type ButtonLook, buttonClasses } from "./button-classes";
import { classNames } from "./class-names";

export type MenuItem = { label: string; hint: string; icon: LucideIcon; onSelect: () => void };

type MenuProps = {
  /** What the button is called for a screen reader; it shows its icon alone. */
  label: string;
  icon: LucideIcon;
  items: readonly MenuItem[];
  tone?: ButtonLook["tone"];
  isDisabled?: boolean;
};

/** More things to do behind one button. Arrow keys choose, Enter does it, Esc closes and gives the focus back. */
export function Menu({ label, icon: Icon, items, tone, isDisabled = false }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger
        aria-label={label}
        title={label}
        disabled={isDisabled}
        className={classNames(buttonClasses({ tone, size: "square" }), "size-9")}
      >
        <Icon aria-hidden />
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner align="end" sideOffset={6} collisionPadding={16} className="z-30 outline-hidden">
          <BaseMenu.Popup className="w-80 max-w-[calc(100vw-2rem)] rounded-lg border border-line bg-surface p-1 shadow-float outline-hidden transition-[opacity,scale] data-ending-style:scale-98 data-starting-style:scale-98 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {items.map((item) => (
              <BaseMenu.Item
                key={item.label}
                onClick={item.onSelect}
                className="flex cursor-pointer select-none items-start gap-2.5 rounded-md px-2.5 py-2 outline-hidden data-highlighted:bg-hover"
              >
                <item.icon aria-hidden className="mt-[3px] size-4 shrink-0 text-ink-muted" />
                <span className="min-w-0">
                  <span className="block text-base">{item.label}</span>
                  <span className="block text-sm text-ink-muted">{item.hint}</span>
                </span>
              </BaseMenu.Item>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
