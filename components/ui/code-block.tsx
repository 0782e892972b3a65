import { CopyButton } from "./copy-button";

type CodeBlockProps = { code: string; label: string; noun: string };

/** Code to take away. It scrolls within itself, by keyboard too. */
export function CodeBlock({ code, label, noun }: CodeBlockProps) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-lg border border-line bg-sunken">
      <figcaption className="flex h-10 items-center justify-between gap-2 border-b border-line pr-1 pl-3 text-xs text-ink-muted">
        <span className="min-w-0 truncate">{label}</span>
        <CopyButton text={code} noun={noun} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} className="overflow-x-auto p-3 font-mono text-xs leading-5 outline-offset-[-2px]">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
