import { shownParts } from "@/lib/rules/key-display";

/** Text from a bucket, isolated from what stands around it; what cannot be drawn is written out. */
export function ShownText({ text }: { text: string }) {
  return (
    <bdi>
      {shownParts(text).map((part, at) =>
        part.isEscape ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places.
          <span key={at} className="rounded-sm bg-attention-soft px-0.5 text-attention-ink">
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}
