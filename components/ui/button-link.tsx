import Link from "next/link";
import type { ComponentProps } from "react";
import { type ButtonLook, buttonClasses } from "./button-classes";
import { classNames } from "./class-names";

export function ButtonLink({ tone, size, className, ...rest }: ComponentProps<typeof Link> & ButtonLook) {
  return <Link {...rest} className={classNames(buttonClasses({ tone, size }), className)} />;
}
