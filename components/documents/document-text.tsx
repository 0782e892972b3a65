"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ShownText } from "@/components/ui/shown-text";
import { formatCount } from "@/lib/rules/format";

const FIRST_CHARS = 20_000;

/** The extracted text, line by line as it is stored. A long one is shown from its start until more is asked for. */
export function DocumentText({ content, isCut }: { content: string; isCut: boolean }) {
  const [isWhole, setWhole] = useState(content.length <= FIRST_CHARS);
  const text = isWhole ? content : content.slice(0, FIRST_CHARS);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="max-w-[80ch] rounded-lg border border-line bg-surface p-5 text-base leading-6 wrap-anywhere whitespace-pre-wrap">
        {text.split("\n").map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text never change places.
          <span key={at} className="block min-h-6">
            <ShownText text={line.replaceAll("\t", "    ")} />
          </span>
        ))}
      </div>
      {!isWhole && (
        <div>
          <Button onClick={() => setWhole(true)}>Show all {formatCount(content.length)} characters</Button>
        </div>
      )}
      {isCut && (
        <p className="text-sm text-ink-muted">
          The object holds more text than Sluice stores of one document (5 MB).
        </p>
      )}
    </div>
  );
}
