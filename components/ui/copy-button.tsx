"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { classNames } from "./class-names";

const SHOWN_MS = 1_800;

type CopyButtonProps = {
  text: string;
  /** What is copied, for a screen reader: `key`, `policy`. */
  noun: string;
  isIconOnly?: boolean;
  className?: string;
};

/** Says for a moment that it has copied. Where the browser keeps the clipboard shut, it says that instead. */
export function CopyButton({ text, noun, isIconOnly = false, className }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = () => {
    if (!navigator.clipboard) return setOutcome("refused");
    navigator.clipboard.writeText(text).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  };
  const Icon = outcome === "copied" ? Check : Copy;
  const word =
    outcome === "copied" ? "Copied" : outcome === "refused" ? "Select and copy by hand" : `Copy ${noun}`;
  return (
    <Button
      tone="quiet"
      size={isIconOnly ? "square" : "small"}
      aria-label={word}
      title={word}
      onClick={copy}
      className={classNames(isIconOnly && "size-7", className)}
    >
      <Icon aria-hidden className={classNames(outcome === "copied" && "text-good-ink")} />
      {!isIconOnly && <span>{word}</span>}
      <span aria-live="polite" className="sr-only">
        {outcome === null ? "" : word}
      </span>
    </Button>
  );
}
