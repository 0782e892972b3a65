"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { classNames } from "./class-names";
import { Input } from "./input";

type PasswordInputProps = Omit<ComponentProps<"input">, "type"> & {
  /** What is shown or hidden, for a screen reader: `secret access key`. */
  noun: string;
};

/** Hidden as it is typed; a button shows it while a person checks what was pasted. */
export function PasswordInput({ noun, className, ...rest }: PasswordInputProps) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input
        spellCheck={false}
        autoCapitalize="off"
        {...rest}
        type={isShown ? "text" : "password"}
        className={classNames("pr-11 font-mono", className)}
      />
      <button
        type="button"
        aria-label={`${isShown ? "Hide" : "Show"} ${noun}`}
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
        className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-md text-ink-muted hover:text-ink"
      >
        <Icon aria-hidden className="size-4" />
      </button>
    </div>
  );
}
