"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { Button } from "./button";
import { buttonClasses } from "./button-classes";
import { backdropClasses, dialogClasses } from "./dialog-classes";

type ConfirmDialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  description: ReactNode;
  /** Verb and object: `Remove 412 documents`. */
  confirmLabel: string;
  tone?: "danger" | "primary";
  isBusy: boolean;
  /** Why it could not be done, when a try went wrong. */
  error?: string | null;
  onConfirm: () => void;
  children?: ReactNode;
};

/** For what cannot be undone. Only its buttons and Esc close it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    isOpen,
    onOpenChange,
    title,
    description,
    confirmLabel,
    tone = "danger",
    isBusy,
    error,
    onConfirm,
  } = props;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropClasses} />
        <AlertDialog.Popup className={dialogClasses}>
          <div className="flex flex-col gap-1">
            <AlertDialog.Title className="text-lg font-medium wrap-anywhere">{title}</AlertDialog.Title>
            <AlertDialog.Description className="text-base text-ink-muted" render={<div />}>
              {description}
            </AlertDialog.Description>
          </div>
          {props.children}
          {error && (
            <p role="alert" className="text-sm text-failed-ink">
              {error}
            </p>
          )}
          <div className="flex flex-wrap justify-end gap-2 max-sm:flex-col-reverse">
            <AlertDialog.Close className={buttonClasses({ tone: "plain" })}>Cancel</AlertDialog.Close>
            <Button tone={tone} isBusy={isBusy} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
