"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Menu, X } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { buttonClasses } from "@/components/ui/button-classes";
import { backdropClasses } from "@/components/ui/dialog-classes";
import { Logo } from "./logo";
import { RailList } from "./rail-list";

/** The rail of a narrow screen: a bar whose button opens the same links. */
export function TopBar({ email }: { email: string }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const square = buttonClasses({ tone: "quiet", size: "square" });
  return (
    <div className="sticky top-0 z-20 flex h-13 items-center justify-between border-b border-line bg-rail px-4 md:hidden">
      <Link href="/" className="flex items-center gap-2.5 rounded-md text-lg font-semibold tracking-tight">
        <Logo />
        Sluice
      </Link>
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Trigger aria-label="Open the menu" className={`${square} -mr-2 size-10`}>
          <Menu aria-hidden />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className={backdropClasses} />
          <Dialog.Popup className="fixed inset-y-0 right-0 z-30 flex w-72 max-w-[85vw] flex-col gap-3 border-l border-line bg-rail p-4 shadow-float outline-hidden transition-[opacity,translate] data-ending-style:translate-x-4 data-starting-style:translate-x-4 data-ending-style:opacity-0 data-starting-style:opacity-0">
            <div className="flex items-center justify-between pl-2.5">
              <Dialog.Title className="text-sm font-medium text-ink-muted">Menu</Dialog.Title>
              <Dialog.Close aria-label="Close the menu" className={`${square} size-10`}>
                <X aria-hidden />
              </Dialog.Close>
            </div>
            <nav aria-label="Main">
              <RailList group="work" onFollow={close} />
              <hr className="mx-2.5 my-3 border-line" />
              <RailList group="house" onFollow={close} />
            </nav>
            <p className="mt-auto truncate px-2.5 text-xs text-ink-muted">{email}</p>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </div>
  );
}
