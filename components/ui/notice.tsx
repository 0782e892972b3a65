import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

const LOOKS = {
  plain: { icon: Info, frame: "bg-sunken", title: "text-ink" },
  attention: { icon: TriangleAlert, frame: "bg-attention-soft", title: "text-attention-ink" },
  failed: { icon: TriangleAlert, frame: "bg-failed-soft", title: "text-failed-ink" },
  good: { icon: CircleCheck, frame: "bg-good-soft", title: "text-good-ink" },
} as const;

type NoticeProps = { tone: keyof typeof LOOKS; title: ReactNode; children?: ReactNode; actions?: ReactNode };

/** Something that a person should see before the rest of the page. */
export function Notice({ tone, title, children, actions }: NoticeProps) {
  const { icon: Icon, frame, title: titleColor } = LOOKS[tone];
  return (
    <div className={classNames("flex flex-wrap items-start gap-x-4 gap-y-3 rounded-lg px-4 py-3", frame)}>
      <div className="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
        <Icon aria-hidden className={classNames("mt-[3px] size-4 shrink-0", titleColor)} />
        <div className="min-w-0 wrap-anywhere">
          <p className={classNames("font-medium", titleColor)}>{title}</p>
          {children && <div className="text-sm text-ink">{children}</div>}
        </div>
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
