import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { controlClasses } from "./control-classes";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input autoComplete="off" {...rest} className={classNames(controlClasses, "h-9 px-3", className)} />;
}
