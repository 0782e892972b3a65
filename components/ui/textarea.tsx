import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { controlClasses } from "./control-classes";

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea {...rest} className={classNames(controlClasses, "min-h-24 px-3 py-2", className)} />;
}
