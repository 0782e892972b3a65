import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { type ButtonLook, buttonClasses } from "./button-classes";
import { classNames } from "./class-names";

export type ButtonProps = ComponentProps<"button"> & ButtonLook & { isBusy?: boolean };

/** While busy it keeps its focus and its words, and presses do nothing. */
export function Button({
  tone,
  size,
  isBusy = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      className={classNames(buttonClasses({ tone, size }), className)}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {isBusy && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  );
}
