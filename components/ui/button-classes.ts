import { cva, type VariantProps } from "class-variance-authority";

/** The look of a button, also for a link that stands where a button would. */
export const buttonClasses = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        primary: "bg-accent-solid text-on-accent hover:not-disabled:bg-accent-solid-hover",
        plain: "border border-line bg-surface text-ink hover:not-disabled:bg-hover",
        quiet: "text-ink-muted hover:not-disabled:bg-hover hover:not-disabled:text-ink",
        danger: "bg-failed-solid text-on-failed hover:not-disabled:bg-failed-solid-hover",
      },
      size: {
        small: "h-7 px-2.5 text-sm",
        normal: "h-9 px-3.5 text-base",
        square: "size-8 text-base",
      },
    },
    defaultVariants: { tone: "plain", size: "normal" },
  },
);

export type ButtonLook = VariantProps<typeof buttonClasses>;
