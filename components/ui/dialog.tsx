"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClasses } from "./button-classes";
import { backdropClasses, dialogClasses } from "./dialog-classes";

type DialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
};

/** For something to fill in or read. Esc and a press outside close it; focus goes back to where it came from. */
export function Dialog({ isOpen, onOpenChange, title, description, children }: DialogProps) {
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClasses} />
        <BaseDialog.Popup className={dialogClasses}>
          <div className="flex flex-col gap-1 pr-8">
            <BaseDialog.Title className="text-lg font-medium">{title}</BaseDialog.Title>
            {description && (
              <BaseDialog.Description className="text-base text-ink-muted">
                {description}
              </BaseDialog.Description>
            )}
          </div>
          {children}
          <BaseDialog.Close
            aria-label="Close"
            className={`${buttonClasses({ tone: "quiet", size: "square" })} absolute top-4 right-4`}
          >
            <X aria-hidden />
          </BaseDialog.Close>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
