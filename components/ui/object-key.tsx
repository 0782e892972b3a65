import { shownText, splitKey } from "@/lib/rules/key-display";
import { classNames } from "./class-names";
import { ShownText } from "./shown-text";

/** A key in one line: where there is no room its folders give way and the file's name stays. Whole on hover. */
export function ObjectKey({ text, className }: { text: string; className?: string }) {
  const { head, tail } = splitKey(text);
  return (
    <span
      title={shownText(text)}
      className={classNames("inline-flex min-w-0 max-w-full font-mono text-[0.75rem] leading-5", className)}
    >
      {head !== "" && (
        <span className="min-w-0 shrink truncate text-ink-muted">
          <ShownText text={head} />
        </span>
      )}
      <span className="max-w-full shrink-0 truncate">
        <ShownText text={tail} />
      </span>
    </span>
  );
}
