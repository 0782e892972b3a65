/** A container tag. */
export function Tag({ text }: { text: string }) {
  return (
    <span
      className="inline-block max-w-full truncate rounded-sm bg-sunken px-1.5 font-mono text-xs leading-5"
      title={text}
    >
      {text}
    </span>
  );
}
