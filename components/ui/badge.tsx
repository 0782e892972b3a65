import { cva, type VariantProps } from "class-variance-authority";
import type { LucideIcon } from "lucide-react";
import { classNames } from "./class-names";

const badgeClasses = cva(
  "inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-full px-2 text-xs font-medium [&_svg]:size-3.5",
  {
    variants: {
      tone: {
        running: "bg-accent-soft text-accent-ink",
        good: "bg-good-soft text-good-ink",
        attention: "bg-attention-soft text-attention-ink",
        failed: "bg-failed-soft text-failed-ink",
        idle: "bg-sunken text-ink-muted",
      },
    },
  },
);

export type BadgeTone = NonNullable<VariantProps<typeof badgeClasses>["tone"]>;

type BadgeProps = { tone: BadgeTone; icon: LucideIcon; word: string; isTurning?: boolean };

/** A state as colour, icon and word: never the colour alone. */
export function Badge({ tone, icon: Icon, word, isTurning = false }: BadgeProps) {
  return (
    <span className={badgeClasses({ tone })}>
      <Icon aria-hidden className={classNames(isTurning && "animate-spin")} />
      {word}
    </span>
  );
}
